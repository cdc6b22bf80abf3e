# What the reports of `compare` share: values by key and library, their medians, the best peer.
# SPDX-License-Identifier: BSD-3-Clause
# The report sets libraries_count and library[], and fills value[key, who, i] and count[key, who].
function is_number(text) { return text ~ /^-?[0-9.]+([eE][-+]?[0-9]+)?$/ }

# The median of list[1] to list[n], which it sorts.
function middle(list, n,    i, j, moved) {
    for (i = 2; i <= n; i++)
        for (j = i; j > 1 && list[j - 1] > list[j]; j--) {
            moved = list[j]; list[j] = list[j - 1]; list[j - 1] = moved
        }
    return (list[int((n + 1) / 2)] + list[int(n / 2) + 1]) / 2
}

# The median of a key's numbers from one library, or why there are none, or "-".
function median(key, who,    n, i, numbers) {
    n = 0
    for (i = 1; i <= count[key, who]; i++)
        if (is_number(value[key, who, i])) numbers[++n] = value[key, who, i] + 0
    if (n > 0 && n < count[key, who] && !seen[key, who]++) partly[who] = partly[who] " " key
    if (n == 0) return count[key, who] ? value[key, who, 1] : "-"
    return middle(numbers, n)
}

# The best median of another library, or "-"; its name is left in best_name.
function best_peer(key, better,    l, now, best) {
    best = "-"; best_name = ""
    for (l = 1; l <= libraries_count; l++) {
        if (library[l] == "trireme") continue
        now = median(key, library[l])
        if (is_number(now) && (best == "-" || (better == "low" ? now < best : now > best))) {
            best = now; best_name = library[l]
        }
    }
    return best
}

# How many times as much one library takes as another: the median over the rounds of what it was in each, since what
# disturbs a round disturbs both in it.
function rounds_ratio(key, a, b,    n, i, ratios) {
    n = 0
    for (i = 1; i <= count[key, a] && i <= count[key, b]; i++)
        if (is_number(value[key, a, i]) && is_number(value[key, b, i]) && value[key, b, i] != 0)
            ratios[++n] = value[key, a, i] / value[key, b, i]
    return n ? middle(ratios, n) : "-"
}

function show(number) {
    if (!is_number(number)) return number
    return number >= 1000 ? sprintf("%.0f", number) : sprintf("%.3g", number)
}

function ratio(a, b) { return is_number(a) && is_number(b) && b != 0 ? a / b : "-" }

function show_ratio(number) { return is_number(number) ? sprintf("%.2fx", number) : "-" }

function show_partly(    l) {
    for (l = 1; l <= libraries_count; l++)
        if (partly[library[l]] != "")
            printf "%s failed in some rounds:%s\n", library[l], partly[library[l]]
}
