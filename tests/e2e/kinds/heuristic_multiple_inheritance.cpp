// SPDX-License-Identifier: MIT
//
// A pointer to the second base of an object with two vtables is a pointer to the object (memcheck's
// heuristic multipleinheritance).
//
// ENV: LEAKGC_OPTIONS=kinds=definite,indirect,possible
// EXPECT: nothing
// CONTROL: heuristics=length64,stdstring,newarray => possible 40 1
// CONTROL: heuristics=multipleinheritance => nothing

struct first {
    virtual ~first() {}
    long a = 1;
};

struct second {
    virtual ~second() {}
    long b = 2;
};

struct both : first, second {
    long c = 3;
};

second *root;

int main()
{
    root = new both;
    return 0;
}
