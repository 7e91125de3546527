// SPDX-License-Identifier: MIT
//
// The program closes all descriptors, the log's too, and opens a file of its own, which gets that number: no line
// goes there, all are in the log. While the log's descriptor is the library's, lines are in the log as well.
//
// ENV: LEAKGC_OPTIONS=log={TMP}/log.%p:verbose=1:report={TMP}/report.%p
// FILE: log.{PID}
// STDERR-HAS: ^==PID==leakgc: watching
// STDERR-HAS: ^==PID==leakgc: scan=1 .* cause=api
// STDERR-HAS: ^==PID==leakgc: scan=2 .* cause=exit
// CONTROL: -DKEEPS => nothing

#include "leaktest.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
#ifndef KEEPS
    for (int i = 3; i < 64; i++)
        close(i);
#endif
    struct stat file;
    long (*scan)(void) = (long (*)(void))dlsym(RTLD_DEFAULT, "leakgc_scan");
    int data = open("data", O_CREAT | O_TRUNC | O_WRONLY, 0600);
    CHECK(data >= 0 && write(data, "header\n", 7) == 7);
    CHECK(!scan || scan() == 0); // a line is written
    CHECK(!fstat(data, &file) && file.st_size == 7);
    return 0;
}
