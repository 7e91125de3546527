# SPDX-License-Identifier: MIT
#
# Builds one flavour of the unit tests. Used by tests/unit/run, from the top of the tree:
#   make -f tests/unit/unit.mk OUT=DIRECTORY FLAVOUR='compiler options'
# The product is a shared object of its own, with tests/unit/stubs.c in place of the files that
# define libc's names; --wrap lets system calls fail on demand,
# and test_quick.c see what else the tests call.

CC ?= cc
HERE := tests/unit
CHECK_FLAGS := $(shell pkg-config --cflags check)
CHECK_LIBS := $(shell pkg-config --libs check)

LEFT_OUT := $(wildcard preload/hooks*.c) preload/ending.c report/start.c
PRODUCT := $(filter-out $(LEFT_OUT),$(wildcard preload/*.c scanner/*.c report/*.c)) $(HERE)/stubs.c
TESTS := $(filter-out $(HERE)/stubs.c $(HERE)/plugin.c,$(wildcard $(HERE)/*.c))

BASE := -std=gnu11 -D_GNU_SOURCE -DLEAKGC_DEBUG -g -fno-omit-frame-pointer -Wall -Wextra -Wshadow \
        $(FLAVOUR)
WRAPPED := sys_reserve sys_allow sys_discard sys_move sys_ioctl sys_now_coarse pthread_key_create
WATCHED := alloc_new alloc_follow alloc_refill
PRODUCT_OBJECTS := $(PRODUCT:%.c=$(OUT)/%.o)
TEST_OBJECTS := $(TESTS:%.c=$(OUT)/%.o)

.PHONY: all
all: $(OUT)/unit-tests $(OUT)/plugin.so

$(OUT)/unit-tests: $(TEST_OBJECTS) $(OUT)/libunit.so
	$(CC) $(BASE) -o $@ $(TEST_OBJECTS) $(WATCHED:%=-Wl,--wrap=%) -L$(OUT) -lunit -Wl,-rpath,'$$ORIGIN' $(CHECK_LIBS) -ldl

$(OUT)/libunit.so: $(PRODUCT_OBJECTS)
	$(CC) $(BASE) -shared -o $@ $(PRODUCT_OBJECTS) $(WRAPPED:%=-Wl,--wrap=%)

$(OUT)/plugin.so: $(HERE)/plugin.c
	$(CC) -shared -fPIC -Wl,--build-id=0x0123456789abcdef -o $@ $<

$(PRODUCT_OBJECTS): $(OUT)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(BASE) -fPIC -MMD -MP -c -o $@ $<

$(TEST_OBJECTS): $(OUT)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(BASE) $(CHECK_FLAGS) -MMD -MP -c -o $@ $<

-include $(PRODUCT_OBJECTS:.o=.d) $(TEST_OBJECTS:.o=.d)
