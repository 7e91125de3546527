// SPDX-License-Identifier: MIT
//
// The standard library's containers, used and destroyed.
//
// CFLAGS: -O0 -std=c++17 | -O2 -std=c++17
// EXPECT: nothing

#include <deque>
#include <functional>
#include <future>
#include <iostream>
#include <list>
#include <map>
#include <memory>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <unordered_map>
#include <vector>

int main()
{
    std::vector<std::string> v;
    std::map<int, std::string> m;
    std::unordered_map<std::string, std::vector<int>> u;
    std::list<long> l;
    std::deque<int> d;
    std::set<std::string> s;
    for (int i = 0; i < 5000; i++) {
        std::string text = "number " + std::to_string(i) + " with some more text behind it";
        v.push_back(text);
        m[i * 7 % 5000] = text;
        u[text].push_back(i);
        l.push_front(i);
        d.push_back(i);
        s.insert(text);
    }
    while (l.size() > 10)
        l.pop_back();
    m.erase(m.begin(), m.find(2500));
    std::shared_ptr<std::string> shared = std::make_shared<std::string>(v[17]);
    std::weak_ptr<std::string> weak = shared;
    std::function<int(int)> f = [v, shared](int i) { return static_cast<int>(v[i].size()); };
    std::future<int> answer = std::async(std::launch::async, [&] { return f(3) + f(4); });
    std::ostringstream out;
    out << answer.get() << ' ' << m.size() << ' ' << u.size() << ' ' << d.size() << ' ' << s.size();
    std::regex pattern("([0-9]+) ([0-9]+).*");
    std::smatch match;
    std::string result = out.str();
    if (std::regex_match(result, match, pattern))
        std::cout << match[1] << '/' << match[2] << std::endl;
    return 0;
}
