/* Sizes of dimensions against a search through all of them. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "unit.h"

#include <limits.h>
#include <string.h>

#include "../../src/topology/dims.h"

enum { DIMS_MAX = 32 };

/* All ways to write a number as a product of descending factors; keeps the one with the smallest difference of its
 * first and last factor, and of these the one whose factors, from the last one on, are the largest. */
struct model {
    int count;
    int now[DIMS_MAX], best[DIMS_MAX];
};

static int is_better(const struct model *model)
{
    int spread = model->now[0] - model->now[model->count - 1];
    int best = model->best[0] - model->best[model->count - 1];
    if (model->best[0] == 0 || spread != best) {
        return model->best[0] == 0 || spread < best;
    }
    for (int i = model->count - 1; i >= 0; i--) {
        if (model->now[i] != model->best[i]) {
            return model->now[i] > model->best[i];
        }
    }
    return 0;
}

static void search(struct model *model, int at, int number, int limit)
{
    if (at == model->count - 1) {
        model->now[at] = number;
        if (number <= limit && is_better(model)) {
            memcpy(model->best, model->now, sizeof model->best);
        }
        return;
    }
    for (int factor = 1; factor <= number && factor <= limit; factor++) {
        if (number % factor == 0) {
            model->now[at] = factor;
            search(model, at + 1, number / factor, factor);
        }
    }
}

static void check(int number, int ndims, const int *dims)
{
    int64_t product = 1;
    for (int i = 0; i < ndims; i++) {
        product *= dims[i];
        assert_true(i == 0 || dims[i] <= dims[i - 1]);
    }
    assert_int_equal(product, number);
}

static void test_all_small_numbers(void **state)
{
    (void)state;
    for (int number = 1; number <= 1500; number++) {
        for (int ndims = 1; ndims <= 5; ndims++) {
            struct model model = {.count = ndims};
            int dims[DIMS_MAX] = {0};
            search(&model, 0, number, number);
            tri_dims_fill(number, ndims, dims);
            check(number, ndims, dims);
            assert_memory_equal(dims, model.best, (size_t)ndims * sizeof *dims);
        }
    }
}

/* Few factors, many factors, large primes: all of them in no time, or this test would never end. */
static void test_large_numbers(void **state)
{
    (void)state;
    const int numbers[] = {INT_MAX, 2095133040, 1396755360, 1 << 30, 1162261467, 65537 * 32760, 2147302921, 1000000007,
                           223092870};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        for (int ndims = 1; ndims <= DIMS_MAX; ndims++) {
            int dims[DIMS_MAX] = {0};
            tri_dims_fill(numbers[i], ndims, dims);
            check(numbers[i], ndims, dims);
        }
    }
}

struct case_of {
    int number, ndims, given[4], expected[4];
};

static void test_known(void **state)
{
    (void)state;
    const struct case_of cases[] = {
        {6, 2, {0, 0}, {3, 2}},           {7, 2, {0, 0}, {7, 1}},       {6, 3, {0, 3, 0}, {2, 3, 1}},
        {12, 3, {0, 0, 0}, {3, 2, 2}},    {36, 2, {0, 0}, {6, 6}},      {64, 4, {0, 2, 0, 4}, {4, 2, 2, 4}},
        {1, 3, {0, 0, 0}, {1, 1, 1}},     {24, 1, {0}, {24}},           {8, 2, {2, 4}, {2, 4}},
        {5040, 3, {0, 0, 0}, {21, 16, 15}}, {432, 2, {0, 0}, {24, 18}}, {1000000000, 3, {0, 0, 0}, {1000, 1000, 1000}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int dims[4];
        memcpy(dims, cases[i].given, sizeof dims);
        tri_dims_fill(cases[i].number, cases[i].ndims, dims);
        assert_memory_equal(dims, cases[i].expected, (size_t)cases[i].ndims * sizeof *dims);
    }
}

static void test_no_dimensions(void **state)
{
    (void)state;
    tri_dims_fill(1, 0, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_small_numbers),
        cmocka_unit_test(test_large_numbers),
        cmocka_unit_test(test_known),
        cmocka_unit_test(test_no_dimensions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
