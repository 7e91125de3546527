// SPDX-License-Identifier: MIT
//
// A reference-counted std::string of the old ABI points behind three words (memcheck's heuristic
// stdstring).
//
// CFLAGS: -O2 -D_GLIBCXX_USE_CXX11_ABI=0
// ENV: LEAKGC_OPTIONS=kinds=definite,indirect,possible
// EXPECT: nothing
// CONTROL: heuristics=length64,newarray,multipleinheritance => possible 73 1
// CONTROL: heuristics=stdstring => nothing

#include <string>

std::string *root;
alignas(std::string) char place[sizeof(std::string)];

int main()
{
    root = new (place) std::string("a text that is kept until the end of the program");
    return 0;
}
