/* SPDX-License-Identifier: MIT
 *
 * Owns the ways of looking through words four or eight at a time, and which of them this processor
 * can go. All of the pipeline is compiled for each, so that nothing is called for a block.
 *
 * Words beyond the end are loaded as 0, which is no pointer. Words are compared as they were loaded,
 * and hits are written from the same register, all of them at once: how many they are decides no
 * branch. What the processor can do the loader has asked already: asking takes microseconds where the
 * machine is virtual, at each start of a process, also by a compiler's builtin.
 *
 * Runs with the world stopped. */
#include <immintrin.h>
#include <sys/platform/x86.h>

#include "flood.h"

#define AVX512 __attribute__((target("avx512f,avx512vl,avx512dq,popcnt,bmi,bmi2")))
#define AVX2 __attribute__((target("avx2,popcnt,bmi,bmi2")))

enum { AHEAD = 256 }; /* words of a long run that are asked of memory before they are read */

/* --- Eight words: AVX-512 --------------------------------------------------------------------- */

AVX512 static inline size_t take_8(__m512i words, __m512i base, __m512i bytes, uintptr_t *hits)
{
    __mmask8 in = _mm512_cmplt_epu64_mask(_mm512_sub_epi64(words, base), bytes);
    _mm512_storeu_si512(hits, _mm512_maskz_compress_epi64(in, words));
    return (size_t)__builtin_popcount(in);
}

AVX512 static inline size_t filter_8(const uintptr_t *words, size_t count, uintptr_t base,
                                     uintptr_t bytes, uintptr_t *hits)
{
    __m512i bases = _mm512_set1_epi64((long long)base);
    __m512i limits = _mm512_set1_epi64((long long)bytes);
    size_t found = 0;
    for (; count > 8; words += 8, count -= 8) {
        __m512i w = _mm512_loadu_si512(words);
        found += take_8(w, bases, limits, hits + found);
    }
    __mmask8 rest = (__mmask8)_bzhi_u32(0xff, (unsigned)count);
    __m512i w = _mm512_maskz_loadu_epi64(rest, words);
    return found + take_8(w, bases, limits, hits + found);
}

AVX512 static void words_8(struct mark *m, const uintptr_t *words, size_t count)
{
    flood_words_of(m, words, count, filter_8);
}

AVX512 static void run_8(struct mark *m)
{
    flood_run_with(m, filter_8);
}

static const struct flood_way way_8 = {"avx512", words_8, run_8};

/* --- Four words: AVX2 ------------------------------------------------------------------------- */

/* For each set of hits among four: the order of their halves that moves them to the front. */
#define W(i) 2 * (i), 2 * (i) + 1
static const uint32_t to_front[16][8] __attribute__((aligned(32))) = {
    {0},
    {W(0)},
    {W(1)},
    {W(0), W(1)},
    {W(2)},
    {W(0), W(2)},
    {W(1), W(2)},
    {W(0), W(1), W(2)},
    {W(3)},
    {W(0), W(3)},
    {W(1), W(3)},
    {W(0), W(1), W(3)},
    {W(2), W(3)},
    {W(0), W(2), W(3)},
    {W(1), W(2), W(3)},
    {W(0), W(1), W(2), W(3)},
};
#undef W

/* There is only a comparison of signed numbers: both sides are moved by half of the range. */
AVX2 static inline size_t take_4(__m256i words, __m256i base, __m256i bytes, uintptr_t *hits)
{
    __m256i in = _mm256_cmpgt_epi64(bytes, _mm256_sub_epi64(words, base));
    unsigned set = (unsigned)_mm256_movemask_pd(_mm256_castsi256_pd(in));
    __m256i order = _mm256_load_si256((const __m256i *)(const void *)to_front[set]);
    __m256i front = _mm256_permutevar8x32_epi32(words, order);
    _mm256_storeu_si256((__m256i *)(void *)hits, front);
    return (size_t)__builtin_popcount(set);
}

AVX2 static inline size_t filter_4(const uintptr_t *words, size_t count, uintptr_t base,
                                   uintptr_t bytes, uintptr_t *hits)
{
    static const int64_t lanes[8] = {-1, -1, -1, -1, 0, 0, 0, 0};
    const uintptr_t half = (uintptr_t)1 << 63;
    __m256i bases = _mm256_set1_epi64x((long long)(base + half));
    __m256i limits = _mm256_set1_epi64x((long long)(bytes + half));
    size_t found = 0;
    for (; count >= 4; words += 4, count -= 4) {
        __m256i w = _mm256_loadu_si256((const __m256i *)(const void *)words);
        found += take_4(w, bases, limits, hits + found);
    }
    if (!count)
        return found;
    __m256i rest = _mm256_loadu_si256((const __m256i *)(const void *)(lanes + 4 - count));
    __m256i w = _mm256_maskload_epi64((const long long *)(const void *)words, rest);
    return found + take_4(w, bases, limits, hits + found);
}

AVX2 static void words_4(struct mark *m, const uintptr_t *words, size_t count)
{
    flood_words_of(m, words, count, filter_4);
}

AVX2 static void run_4(struct mark *m)
{
    flood_run_with(m, filter_4);
}

static const struct flood_way way_4 = {"avx2", words_4, run_4};

/* What the loader found out; a number of the loader's is a leaf, one of four registers, and a bit. */
static bool has(unsigned feature)
{
    const struct cpuid_feature *leaf = __x86_get_cpuid_feature_leaf(feature / 128);
    return leaf->active_array[feature / 32 % 4] >> feature % 32 & 1;
}

const struct flood_way *flood_next(const struct flood_way *before)
{
    bool has_8 =
        has(x86_cpu_AVX512F) && has(x86_cpu_AVX512VL) && has(x86_cpu_AVX512DQ) && has(x86_cpu_BMI2);
    bool has_4 = has(x86_cpu_AVX2) && has(x86_cpu_BMI2);
    if (!before && has_8)
        return &way_8;
    if ((!before || before == &way_8) && has_4)
        return &way_4;
    return before == &flood_plain ? NULL : &flood_plain;
}
