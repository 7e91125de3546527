// SPDX-License-Identifier: MIT
//
// Large buffers: pictures of 64 KiB to 4 MiB go through three filters, each with a fresh buffer. Few
// allocations: shows what big blocks cost and how fast their memory goes back.

#include "bench.h"

struct picture {
    uint32_t width, height;
    uint8_t *pixels;
};

static NOINLINE struct picture picture_new(uint32_t width, uint32_t height)
{
    return (struct picture){width, height, malloc((size_t)width * height)};
}

static NOINLINE struct picture draw_picture(uint32_t width, uint32_t height)
{
    struct picture picture = picture_new(width, height);
    for (uint32_t i = 0; i < width * height; i++)
        picture.pixels[i] = (uint8_t)(i * 7 + (i >> 9));
    return picture;
}

static NOINLINE struct picture brighten(struct picture from)
{
    struct picture to = picture_new(from.width, from.height);
    for (uint32_t i = 0; i < from.width * from.height; i++)
        to.pixels[i] = from.pixels[i] < 240 ? (uint8_t)(from.pixels[i] + 15) : 255;
    free(from.pixels);
    return to;
}

static NOINLINE struct picture halve(struct picture from)
{
    struct picture to = picture_new(from.width / 2, from.height / 2);
    for (uint32_t y = 0; y < to.height; y++)
        for (uint32_t x = 0; x < to.width; x++)
            to.pixels[y * to.width + x] = from.pixels[2 * y * from.width + 2 * x];
    free(from.pixels);
    return to;
}

static NOINLINE uint64_t pipeline(uint32_t width, uint32_t height)
{
    struct picture picture = halve(brighten(draw_picture(width, height)));
    uint64_t sum = mix_text(width, (const char *)picture.pixels, picture.width);
    free(picture.pixels);
    return sum;
}

int main(int argc, char **argv)
{
    uint64_t sum = 0, random = 37;
    for (long i = size_argument(argc, argv); i > 0; i--) {
        uint32_t side = 256u << draw_below(&random, 4);
        sum = mix(sum, pipeline(side, side + draw_below(&random, side)));
    }
    return finish(sum);
}
