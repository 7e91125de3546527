// SPDX-License-Identifier: MIT
//
// A C++ thread_local object, in main and in a waiting thread.
//
// EXPECT: nothing
// CONTROL: use_tls=0 => has definite 3200 1

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

thread_local std::vector<std::string> words;
std::mutex lock;
std::condition_variable changed;
bool ready;

int main()
{
    std::thread thread([] {
        words.assign(100, "a text that is too long for the string itself");
        std::unique_lock<std::mutex> guard(lock);
        ready = true;
        changed.notify_all();
        guard.unlock();
        for (;;)
            pause();
    });
    thread.detach();
    words.assign(200, "a text that is too long for the string itself");
    std::unique_lock<std::mutex> guard(lock);
    changed.wait(guard, [] { return ready; });
    guard.unlock();
    return 0;
}
