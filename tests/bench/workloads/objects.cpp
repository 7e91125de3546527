// SPDX-License-Identifier: MIT
//
// C++ objects: documents of virtual, owned and shared nodes are built, copied with changes, and dropped;
// destructors free by recursion.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "bench.h"

class Node
{
  public:
    virtual ~Node() = default;
    virtual std::unique_ptr<Node> copy() const = 0;
    virtual uint64_t digest() const = 0;
};

using Owned = std::unique_ptr<Node>;

class Text : public Node
{
  public:
    explicit Text(std::shared_ptr<const std::string> text) : text_(std::move(text)) {}
    NOINLINE Owned copy() const override
    {
        return std::make_unique<Text>(text_);
    }
    NOINLINE uint64_t digest() const override
    {
        return text_->size();
    }

  private:
    std::shared_ptr<const std::string> text_;
};

class Number : public Node
{
  public:
    explicit Number(uint64_t value) : value_(value) {}
    NOINLINE Owned copy() const override
    {
        return std::make_unique<Number>(value_ + 1);
    }
    NOINLINE uint64_t digest() const override
    {
        return value_;
    }

  private:
    uint64_t value_;
};

class List : public Node
{
  public:
    NOINLINE void add(Owned node)
    {
        nodes_.push_back(std::move(node));
    }
    NOINLINE Owned copy() const override
    {
        auto list = std::make_unique<List>();
        for (const Owned &node : nodes_)
            list->add(node->copy());
        return list;
    }
    NOINLINE uint64_t digest() const override
    {
        uint64_t sum = nodes_.size();
        for (const Owned &node : nodes_)
            sum = mix(sum, node->digest());
        return sum;
    }

  private:
    std::vector<Owned> nodes_;
};

static NOINLINE Owned build(uint64_t *random, int depth)
{
    if (depth == 0 || draw_below(random, 4) == 0) {
        if (draw_below(random, 2))
            return std::make_unique<Number>(draw_below(random, 1000));
        return std::make_unique<Text>(
            std::make_shared<const std::string>(16 + draw_below(random, 40), 'x'));
    }
    auto list = std::make_unique<List>();
    for (int i = 0; i < 5; i++)
        list->add(build(random, depth - 1));
    return list;
}

static NOINLINE uint64_t work(uint64_t *random)
{
    Owned document = build(random, 6);
    for (int i = 0; i < 3; i++)
        document = document->copy();
    return document->digest();
}

int main(int argc, char **argv)
{
    uint64_t sum = 0, random = 61;
    for (long i = size_argument(argc, argv); i > 0; i--)
        sum = mix(sum, work(&random));
    return finish(sum);
}
