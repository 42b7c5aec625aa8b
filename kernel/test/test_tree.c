/* SPDX-License-Identifier: BSD-2-Clause */
/* The derivation tree against a naive tree with parent pointers, under random operations. */
#include "world.h"

#define SLOTS   48
#define STEPS   6000
#define W(x)    ((word)(x))
#define NOBODY  (-1)
#define BASE    64   /* first slot used */
#define OUTSIDE (-2) /* parent: the world's untyped */

struct node {
    bool used;
    bool original;
    int parent;
    enum cap_type type;
    word badge;
};

static struct node model[SLOTS];
static unsigned seed = 1;

static unsigned pick(unsigned n)
{
    seed = seed * 1103515245u + 12345u;
    return (seed >> 8) % n;
}

static bool model_descends(int node, int ancestor)
{
    while (node >= 0 && node != ancestor)
        node = model[node].parent;
    return node == ancestor;
}

static void model_remove(int node)
{
    for (int i = 0; i < SLOTS; i++)
        if (model[i].used && model[i].parent == node)
            model[i].parent = model[node].parent;
    model[node].used = false;
}

static bool model_has_children(int node)
{
    for (int i = 0; i < SLOTS; i++)
        if (model[i].used && model[i].parent == node)
            return true;
    return false;
}

static bool really_descends(unsigned child, unsigned parent)
{
    const struct slot *top = world_slot(BASE + parent);

    for (const struct slot *s = slot_next(top); s && tree_is_parent(top, s); s = slot_next(s))
        if (s == world_slot(BASE + child))
            return true;
    return false;
}

static void compare(void)
{
    for (int a = 0; a < SLOTS; a++) {
        assert_int_equal(model[a].used, !slot_empty(world_slot(BASE + (unsigned)a)));
        if (!model[a].used)
            continue;
        assert_int_equal(cap_type(world_slot(BASE + (unsigned)a)->cap), model[a].type);
        for (int b = 0; b < SLOTS; b++)
            if (a != b && model[b].used)
                assert_int_equal(really_descends((unsigned)b, (unsigned)a), model_descends(b, a));
    }
    world_check();
}

/* From the world's untyped or a small one. */
static void do_retype(int from, int to)
{
    static const unsigned types[] = {seL4_UntypedObject, seL4_EndpointObject,
                                     seL4_NotificationObject};
    static const enum cap_type caps[] = {CAP_UNTYPED, CAP_ENDPOINT, CAP_NOTIFICATION};
    unsigned kind = pick(3);
    unsigned bits = from == OUTSIDE ? 9 : 6;
    const unsigned root[] = {W_CNODE};
    unsigned ut = from == OUTSIDE ? W_UNTYPED : BASE + (unsigned)from;

    if (from != OUTSIDE && model[from].type != CAP_UNTYPED)
        return;
    word error = world_call(ut, UntypedRetype, root, 1, 6, W(types[kind]), W(bits), W(0), W(0),
                            W(BASE + to), W(1));
    if (error == seL4_NoError)
        model[to] = (struct node){true, true, from, caps[kind], 0};
    else
        assert_true(error == seL4_NotEnoughMemory || (error == seL4_DeleteFirst && model[to].used));
}

static void do_copy(int from, int to, bool mint)
{
    const unsigned root[] = {W_CNODE};
    word badge = mint ? pick(3) : 0;
    word depth = 64;
    word error = mint ? world_call(W_CNODE, CNodeMint, root, 1, 6, W(BASE + to), depth,
                                   W(BASE + from), depth, W(15), badge)
                      : world_call(W_CNODE, CNodeCopy, root, 1, 5, W(BASE + to), depth,
                                   W(BASE + from), depth, W(15));
    const struct node *src = &model[from];
    bool badgeable = src->type == CAP_ENDPOINT || src->type == CAP_NOTIFICATION;

    if (model[to].used) {
        assert_int_equal(error, seL4_DeleteFirst);
    } else if (!src->used) {
        assert_int_equal(error, seL4_FailedLookup);
    } else if (src->type == CAP_UNTYPED && model_has_children(from)) {
        assert_int_equal(error, seL4_RevokeFirst);
    } else if (mint && badgeable && src->badge != 0) {
        assert_int_equal(error, seL4_IllegalOperation);
    } else {
        assert_int_equal(error, seL4_NoError);
        bool fresh = src->type == CAP_UNTYPED || (mint && badgeable && badge != 0);
        model[to] = (struct node){true, fresh, src->original ? from : src->parent, src->type,
                                  mint && badgeable ? badge : src->badge};
    }
}

static void do_move(int from, int to)
{
    const unsigned root[] = {W_CNODE};
    word error =
        world_call(W_CNODE, CNodeMove, root, 1, 4, W(BASE + to), W(64), W(BASE + from), W(64));
    if (error != seL4_NoError) {
        assert_true(model[to].used || !model[from].used);
        return;
    }
    model[to] = model[from];
    for (int i = 0; i < SLOTS; i++)
        if (model[i].used && model[i].parent == from)
            model[i].parent = to;
    model[from].used = false;
}

static void do_swap(int a, int b)
{
    struct slot *slot_a = world_slot(BASE + (unsigned)a);
    struct slot *slot_b = world_slot(BASE + (unsigned)b);

    if (a == b || !model[a].used || !model[b].used)
        return;
    tree_swap(slot_a, slot_a->cap, slot_b, slot_b->cap);
    for (int i = 0; i < SLOTS; i++) {
        if (!model[i].used)
            continue;
        if (model[i].parent == a)
            model[i].parent = b;
        else if (model[i].parent == b)
            model[i].parent = a;
    }
    struct node old = model[a];
    model[a] = model[b];
    model[b] = old;
}

static void do_delete(int node)
{
    assert_int_equal(world_call(W_CNODE, CNodeDelete, NULL, 0, 2, W(BASE + node), W(64)),
                     seL4_NoError);
    if (model[node].used)
        model_remove(node);
}

static void do_revoke(int node)
{
    assert_int_equal(world_call(W_CNODE, CNodeRevoke, NULL, 0, 2, W(BASE + node), W(64)),
                     seL4_NoError);
    bool doomed[SLOTS];
    for (int i = 0; i < SLOTS; i++)
        doomed[i] = model[node].used && i != node && model[i].used && model_descends(i, node);
    for (int i = 0; i < SLOTS; i++)
        if (doomed[i])
            model[i].used = false;
}

static void test_random(void **state)
{
    memset(model, 0, sizeof(model));
    for (unsigned step = 0; step < STEPS; step++) {
        int a = (int)pick(SLOTS);
        int b = (int)pick(SLOTS);
        switch (pick(12)) {
        case 0:
            do_retype(OUTSIDE, b);
            break;
        case 1:
        case 2:
            if (model[a].used)
                do_retype(a, b);
            break;
        case 3:
        case 4:
            do_copy(a, b, false);
            break;
        case 5:
        case 6:
            do_copy(a, b, true);
            break;
        case 7:
            do_move(a, b);
            break;
        case 8:
            do_swap(a, b);
            break;
        case 9:
        case 10:
            do_delete(a);
            break;
        default:
            if (pick(3) == 0)
                do_revoke(a);
            break;
        }
        if (step % 16 == 0)
            compare();
    }
    compare();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_random, world_setup, world_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
