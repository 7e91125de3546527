# SPDX-License-Identifier: MIT
#
# leakgc. `make help` lists the targets.
#
#   DEBUG=1            assertions on, heap validated; builds into build-debug/
#   VERIFY=1           every call stack is compared with libunwind's; builds into build-verify/
#   SANITIZE=address,undefined   for the unit tests; builds into build-sanitize/
#   PREFIX= LIBDIR= DESTDIR=     for make install

VERSION := 0.1.0
SOVERSION := 1
PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
LIBDIR ?= $(PREFIX)/lib
MANDIR ?= $(PREFIX)/share/man
COMPLETIONDIR ?= $(PREFIX)/share/bash-completion/completions
CC ?= cc

BUILD := build$(if $(DEBUG),-debug)$(if $(VERIFY),-verify)$(if $(SANITIZE),-sanitize)
CFLAGS ?= -O2 -g
WARNINGS := -Wall -Wextra -Wconversion -Wshadow -Wcast-align=strict
BASE := -std=gnu11 -D_GNU_SOURCE $(WARNINGS) $(if $(DEBUG),-DLEAKGC_DEBUG) \
        $(if $(VERIFY),-DLEAKGC_VERIFY) \
        $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer)

# The library: no builtin malloc family (it is what we define), TLS that needs no allocation.
LIB_FLAGS := $(BASE) -fPIC -fvisibility=hidden -ftls-model=initial-exec \
             -fno-builtin-malloc -fno-builtin-calloc -fno-builtin-realloc -fno-builtin-free \
             -DLEAKGC_VERSION='"$(VERSION)"'
LIB_LINK := -shared -Wl,-soname,libleakgc.so.$(SOVERSION) -Wl,-z,now -Wl,-z,relro -Wl,-z,defs \
            -Wl,--version-script=preload/libleakgc.map
LIB_SOURCES := $(wildcard preload/*.c scanner/*.c report/*.c)
LIB_OBJECTS := $(LIB_SOURCES:%.c=$(BUILD)/%.o) $(BUILD)/preload/ending_x86_64.o $(BUILD)/preload/hooks_x86_64.o

# The command.
TOOL_FLAGS := $(BASE) -DLEAKGC_VERSION='"$(VERSION)"' -DLEAKGC_LIBDIR='"$(LIBDIR)"'
TOOL_SOURCES := $(wildcard tools/*.c)
TOOL_OBJECTS := $(TOOL_SOURCES:%.c=$(BUILD)/%.o) $(BUILD)/tools/html_assets.o
TOOL_LIBS := -ldw -lelf -liberty

# The messages of pprof's profiles, for format_pprof.c.
PROFILE := $(BUILD)/tools/profile.pb-c
TOOL_FLAGS += -I$(BUILD)
TOOL_OBJECTS += $(PROFILE).o
TOOL_LIBS += -lprotobuf-c -lz

PRODUCTS := $(BUILD)/libleakgc.so $(BUILD)/libleakgc.so.$(SOVERSION) $(BUILD)/leakgc

.PHONY: all
all: $(PRODUCTS) ## build the library and the command

$(BUILD)/libleakgc.so: $(LIB_OBJECTS) preload/libleakgc.map
	$(CC) $(CFLAGS) $(LIB_LINK) -o $@ $(LIB_OBJECTS) $(LDFLAGS)

# What programs that are linked with the library look for.
$(BUILD)/libleakgc.so.$(SOVERSION): $(BUILD)/libleakgc.so
	ln -sf libleakgc.so $@

$(BUILD)/leakgc: $(TOOL_OBJECTS)
	$(CC) $(CFLAGS) $(BASE) -o $@ $(TOOL_OBJECTS) $(LDFLAGS) $(TOOL_LIBS)

$(BUILD)/tools/%.o: tools/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(TOOL_FLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LIB_FLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/tools/format_pprof.o: | $(PROFILE).c
$(PROFILE).o: $(PROFILE).c
	$(CC) $(CFLAGS) $(TOOL_FLAGS) -MMD -MP -c -o $@ $<
$(PROFILE).c: tools/profile.proto
	@mkdir -p $(@D)
	protoc-c --c_out=$(BUILD) $<

# The frames of the malloc family are where call stacks begin (preload/capture.h).
$(BUILD)/preload/hooks.o: LIB_FLAGS += -fno-optimize-sibling-calls

$(BUILD)/%.o: %.S
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LIB_FLAGS) -MMD -MP -c -o $@ $<

# The page of the HTML report is built into the command.
$(BUILD)/tools/html_assets.o: $(wildcard tools/html/*.html tools/html/*.css tools/html/*.js)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

.PHONY: deps check-deps
deps:
	@tools/deps.sh
check-deps:
	@tools/deps.sh check

.PHONY: demo
demo: deps ## install what is missing, build, and find the leak of a small program
	@$(MAKE) -s --no-print-directory -j2 all
	@tests/demo $(BUILD)

include tests/tests.mk

.PHONY: install
install: all ## install under DESTDIR and PREFIX
	install -d $(DESTDIR)$(LIBDIR)/pkgconfig
	install -D -m 755 $(BUILD)/leakgc $(DESTDIR)$(BINDIR)/leakgc
	install -D -m 644 $(BUILD)/libleakgc.so $(DESTDIR)$(LIBDIR)/libleakgc.so.$(SOVERSION)
	ln -sf libleakgc.so.$(SOVERSION) $(DESTDIR)$(LIBDIR)/libleakgc.so
	install -D -m 644 preload/leakgc.h $(DESTDIR)$(PREFIX)/include/leakgc.h
	install -D -m 644 tools/leakgc.bash $(DESTDIR)$(COMPLETIONDIR)/leakgc
	install -D -m 644 tools/leakgc-report.schema.json $(DESTDIR)$(PREFIX)/share/leakgc/leakgc-report.schema.json
	install -D -m 644 tools/leakgc-diff.schema.json $(DESTDIR)$(PREFIX)/share/leakgc/leakgc-diff.schema.json
	for page in man/*.[1-8]; do \
	    install -D -m 644 $$page $(DESTDIR)$(MANDIR)/man$${page##*.}/$${page##*/}; done
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@LIBDIR@|$(LIBDIR)|' -e 's|@VERSION@|$(VERSION)|' \
	    tools/leakgc.pc.in > $(DESTDIR)$(LIBDIR)/pkgconfig/leakgc.pc

.PHONY: uninstall
uninstall: ## remove what install put there
	rm -f $(DESTDIR)$(BINDIR)/leakgc $(DESTDIR)$(LIBDIR)/libleakgc.so \
	    $(DESTDIR)$(LIBDIR)/libleakgc.so.$(SOVERSION) $(DESTDIR)$(PREFIX)/include/leakgc.h \
	    $(DESTDIR)$(LIBDIR)/pkgconfig/leakgc.pc $(DESTDIR)$(COMPLETIONDIR)/leakgc \
	    $(DESTDIR)$(PREFIX)/share/leakgc/leakgc-report.schema.json \
	    $(DESTDIR)$(PREFIX)/share/leakgc/leakgc-diff.schema.json
	for page in man/*.[1-8]; do rm -f $(DESTDIR)$(MANDIR)/man$${page##*.}/$${page##*/}; done

.PHONY: manual
manual: ## types, ranges and defaults from preload/options.def into leakgc-options(7)
	tools/manual-options man/leakgc-options.7 >man/leakgc-options.7.new
	mv man/leakgc-options.7.new man/leakgc-options.7

DEB_LIBDIR = /usr/lib/$(shell $(CC) -print-multiarch)
.PHONY: deb dist
deb: all ## a Debian package: build/leakgc_VERSION_ARCHITECTURE.deb
	@rm -rf $(BUILD)/deb
	@$(MAKE) -s --no-print-directory install DESTDIR=$(BUILD)/deb PREFIX=/usr LIBDIR=$(DEB_LIBDIR)
	@tools/package deb $(VERSION) $(BUILD)
dist: ## a tarball of what is committed: build/leakgc-VERSION.tar.gz
	@mkdir -p $(BUILD)
	@tools/package dist $(VERSION) $(BUILD)

.PHONY: clean
clean: ## remove all build folders
	rm -rf build build-debug build-verify build-sanitize build-debug-sanitize

.PHONY: format format-check
SOURCES = $(shell git ls-files '*.c' '*.h' '*.cpp')
format: ## reformat the sources
	clang-format -i $(SOURCES)
format-check: ## fail if a source is not formatted
	clang-format --dry-run -Werror $(SOURCES)

.PHONY: help
help: ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
