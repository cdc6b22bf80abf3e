/* Balanced sizes of the dimensions of a grid (MPI_Dims_create). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "dims.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../runtime/object.h"

/* No int has more divisors or different prime factors. */
enum { DIVISORS_MAX = 1600 };

/* Looks for `count` factors of a number, ascending. The best are those with the smallest difference between the largest
 * and the smallest; of these, those with the largest smallest one, then with the largest second one, and so on. The
 * search goes through the choices in just this order, so that a later one must have a smaller difference. */
struct search {
    int count;
    int divisors[DIVISORS_MAX], divisor_count; /* ascending */
    int prime;   /* the largest prime factor: some factor is at least that large */
    int64_t spread; /* difference of the best that was found */
    int *trial, *best;
};

/* base to that power, or something above limit when it is above that. */
static int64_t power(int64_t base, int exponent, int64_t limit)
{
    int64_t result = 1;
    for (int i = 0; i < exponent && base > 1 && result <= limit; i++) {
        result *= base;
    }
    return result;
}

static int compare_ints(const void *left, const void *right)
{
    const int *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

static void add_prime(struct search *search, int prime, int times)
{
    int before = search->divisor_count;
    search->prime = prime;
    for (int i = 0; i < before * times; i++) {
        search->divisors[search->divisor_count++] = search->divisors[i] * prime;
    }
}

static void find_divisors(struct search *search, int number)
{
    search->divisors[0] = search->divisor_count = search->prime = 1;
    for (int64_t prime = 2; prime * prime <= number; prime += prime == 2 ? 1 : 2) {
        int times = 0;
        for (; number % prime == 0; times++) {
            number /= (int)prime;
        }
        if (times > 0) {
            add_prime(search, (int)prime, times);
        }
    }
    if (number > 1) {
        add_prime(search, number, 1);
    }
    qsort(search->divisors, (size_t)search->divisor_count, sizeof *search->divisors, compare_ints);
}

/* Whether factors from index `at` on, with that product, can make a smaller difference than the best so far. */
static bool is_hopeful(const struct search *search, int at, int product)
{
    int64_t largest = search->trial[0] + search->spread - 1;
    return largest >= search->prime && power(largest, search->count - at, product) >= product;
}

static void choose(struct search *search, int at, int product)
{
    if (at == search->count - 1) {
        search->trial[at] = product;
        if (product - search->trial[0] < search->spread) {
            search->spread = product - search->trial[0];
            memcpy(search->best, search->trial, (size_t)search->count * sizeof *search->best);
        }
        return;
    }
    for (int i = search->divisor_count - 1; i >= 0; i--) {
        int factor = search->divisors[i];
        if (at > 0 && factor < search->trial[at - 1]) {
            return;
        }
        if (product % factor == 0 && power(factor, search->count - at, product) <= product) {
            search->trial[at] = factor;
            if (is_hopeful(search, at + 1, product / factor)) {
                choose(search, at + 1, product / factor);
            }
        }
    }
}

/* The factors, descending. */
static void balance(int number, int count, int *factors)
{
    struct search *search = tri_memory_take(sizeof *search);
    *search = (struct search){.count = count, .spread = INT64_C(1) << 40};
    search->trial = tri_memory_take(2 * (size_t)count * sizeof *search->trial);
    search->best = search->trial + count;
    find_divisors(search, number);
    choose(search, 0, number);
    for (int i = 0; i < count; i++) {
        factors[i] = search->best[count - 1 - i];
    }
    free(search->trial);
    free(search);
}

void tri_dims_fill(int number, int ndims, int *dims)
{
    int open = 0;
    for (int i = 0; i < ndims; i++) {
        open += dims[i] == 0;
        number /= TRI_MAX(dims[i], 1);
    }
    if (open == 0) {
        return;
    }
    int *factors = tri_memory_take((size_t)open * sizeof *factors), used = 0;
    balance(number, open, factors);
    for (int i = 0; i < ndims; i++) {
        if (dims[i] == 0) {
            dims[i] = factors[used++];
        }
    }
    free(factors);
}
