// SPDX-License-Identifier: MIT
//
// The same in C++, with new.
//
// CFLAGS: -O0
// EXPECT: definite 10 1

#include <iostream>

int main()
{
    char *ptr1 = new char[10];
    char *ptr2 = new char[10]; // LEAK: definite 10 1
    ptr2 = ptr1;
    delete[] ptr1;
    (void)ptr2;
    std::cout << "done" << std::endl;
    return 0;
}
