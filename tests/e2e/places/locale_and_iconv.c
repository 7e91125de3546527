// SPDX-License-Identifier: MIT
//
// Parts of libc that allocate for themselves and keep it: locales, conversion, name service.
//
// ENV: LEAKGC_OPTIONS=kinds=definite,indirect,possible
// EXPECT: nothing

#include "leaktest.h"

#include <iconv.h>
#include <locale.h>
#include <pwd.h>
#include <time.h>

int main(void)
{
    setlocale(LC_ALL, "C.UTF-8");
    iconv_t conversion = iconv_open("UTF-16", "UTF-8");
    CHECK(conversion != (iconv_t)-1);
    char in[] = "text", out[40], *from = in, *to = out;
    size_t left = 4, room = sizeof out;
    CHECK(iconv(conversion, &from, &left, &to, &room) == 0);
    iconv_close(conversion);
    getpwuid(0);
    time_t now = 0;
    CHECK(localtime(&now) != NULL);
    locale_t locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    freelocale(locale);
    CHECK(strsignal(64) != NULL && strerror(12345) != NULL);
    return 0;
}
