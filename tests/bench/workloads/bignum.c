// SPDX-License-Identifier: MIT
//
// Numbers of any length: every operation makes a new number and drops the old one. Factorials and
// Fibonacci numbers; a few live blocks of 12 to 360 bytes, used heavily between allocations.

#include "bench.h"

struct number {
    uint32_t length, references;
    uint32_t digits[];
};

static NOINLINE struct number *number_new(uint32_t length)
{
    struct number *number = malloc(sizeof *number + length * sizeof(uint32_t));
    number->length = length;
    number->references = 1;
    return number;
}

static NOINLINE void number_drop(struct number *number)
{
    if (--number->references == 0)
        free(number);
}

static NOINLINE struct number *trimmed(struct number *number)
{
    while (number->length > 1 && number->digits[number->length - 1] == 0)
        number->length--;
    return number;
}

static NOINLINE struct number *from_word(uint32_t word)
{
    struct number *number = number_new(1);
    number->digits[0] = word;
    return number;
}

static NOINLINE struct number *add(const struct number *a, const struct number *b)
{
    uint32_t longest = a->length > b->length ? a->length : b->length;
    struct number *sum = number_new(longest + 1);
    uint64_t carry = 0;
    for (uint32_t i = 0; i <= longest; i++) {
        carry +=
            (i < a->length ? a->digits[i] : 0u) + (uint64_t)(i < b->length ? b->digits[i] : 0u);
        sum->digits[i] = (uint32_t)carry;
        carry >>= 32;
    }
    return trimmed(sum);
}

static NOINLINE struct number *times(const struct number *a, const struct number *word)
{
    struct number *product = number_new(a->length + 1);
    uint64_t carry = 0;
    for (uint32_t i = 0; i < a->length; i++) {
        carry += (uint64_t)a->digits[i] * word->digits[0];
        product->digits[i] = (uint32_t)carry;
        carry >>= 32;
    }
    product->digits[a->length] = (uint32_t)carry;
    return trimmed(product);
}

static NOINLINE struct number *factorial(uint32_t n)
{
    struct number *result = from_word(1);
    for (uint32_t i = 2; i <= n; i++) {
        struct number *factor = from_word(i);
        struct number *product = times(result, factor);
        number_drop(factor);
        number_drop(result);
        result = product;
    }
    return result;
}

static NOINLINE struct number *fibonacci(uint32_t n)
{
    struct number *a = from_word(0), *b = from_word(1);
    for (uint32_t i = 0; i < n; i++) {
        struct number *sum = add(a, b);
        number_drop(a);
        a = b;
        b = sum;
    }
    number_drop(b);
    return a;
}

static NOINLINE uint64_t digest(struct number *number)
{
    uint64_t sum = number->length;
    for (uint32_t i = 0; i < number->length; i++)
        sum = mix(sum, number->digits[i]);
    number_drop(number);
    return sum;
}

int main(int argc, char **argv)
{
    uint64_t sum = 0, random = 17;
    for (long i = size_argument(argc, argv); i > 0; i--) {
        sum = mix(sum, digest(factorial(20 + draw_below(&random, 60))));
        sum = mix(sum, digest(fibonacci(1000 + draw_below(&random, 3000))));
    }
    return finish(sum);
}
