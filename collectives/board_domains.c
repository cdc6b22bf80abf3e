/* Which members of a board are near each other. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "../src/runtime/locality.h"
#include "../src/runtime/variables.h"
#include "board.h"

/* False: of some it is not known. Ranks that are not bound are so from the first on: asking about all of them would
 * take milliseconds where there are many. */
static bool find_numbers(const int *members, int count, enum tri_locality_level level, int *numbers)
{
    for (int i = 0; i < count; i++) {
        numbers[i] = tri_locality_of(members[i], level);
        if (numbers[i] < 0) {
            return false;
        }
    }
    return true;
}

/* Ranks that the one with the most of them looks at. */
static int busiest(const struct tri_domains *domains)
{
    return domains->count - 1 + domains->most - 1;
}

/* As the variable says: dealt to so many. */
static struct tri_domains deal(int domains, int count)
{
    int numbers[TRI_BOARD_LIMIT];
    for (int i = 0; i < count; i++) {
        numbers[i] = i % domains;
    }
    return tri_domains_divide(numbers, count);
}

struct tri_domains tri_domains_find(const int *members, int count)
{
    int wanted = (int)tri_variable_number(TRI_VAR_DOMAINS), numbers[TRI_BOARD_LIMIT];
    struct tri_domains best = deal(TRI_MAX(wanted, 1), count);
    for (int level = 0; level < TRI_LOCALITY_LEVELS && wanted == 0; level++) {
        if (find_numbers(members, count, (enum tri_locality_level)level, numbers)) {
            struct tri_domains domains = tri_domains_divide(numbers, count);
            best = busiest(&domains) < busiest(&best) ? domains : best;
        }
    }
    return best;
}
