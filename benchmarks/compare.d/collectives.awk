# Judges each collective over all its sizes: from groups (first file), items (second) and values.tsv.
# SPDX-License-Identifier: BSD-3-Clause
function add(list, text) { return list (list == "" ? "" : ", ") text }

# Takes one size of a group into account.
function cell(group, item, size,    best, now) {
    own = median(item, "trireme"); best = best_peer(item, "low")
    now = rounds_ratio(item, "trireme", best_name)
    if (!is_number(own)) lost = add(lost, size " " (own == "-" ? "not measured" : own))
    if (!is_number(now)) return
    ratios[++n] = now
    if (now > worst) {
        worst = now
        where = sprintf("%s (%s us, %s %s)", size, show(own), best_name, show(best))
    }
    if (now > worst_goal[group])
        missed = add(missed, size " " show_ratio(now))
}

function verdict(text) { return text == "" ? "ok" : "goal missed" }

function judge(group,    i, typical) {
    n = worst = 0; lost = missed = where = ""
    for (i = 1; i <= items; i++) if (run[i] == group) cell(group, key[i], size_name[i])
    printf "%-10s %5d ", operation[group], ranks[group]
    if (lost != "") { printf "goal missed: %s\n", lost; return }
    if (n == 0) { print "no peer"; return }
    typical = middle(ratios, n)
    printf "%7s  at most %.2f: %-11s %7s  at most %.2f: %-11s  %s\n", show_ratio(typical),
        goal[group], verdict(typical > goal[group] ? "x" : ""), show_ratio(worst),
        worst_goal[group], verdict(missed), where
    # A barrier has no size to name.
    if (missed != "" && missed !~ /^- /) printf "%-16s slower: %s\n", "", missed
}

BEGIN { libraries_count = split(libraries, library, " ") }

FNR == 1 { file++; FS = file < 3 ? "|" : "\t"; $0 = $0 }
file == 1 {
    group[++groups] = $1; operation[$1] = $2; ranks[$1] = $3; goal[$1] = $4; worst_goal[$1] = $5
}
file == 2 {
    key[++items] = $1; run[items] = $2
    size_name[items] = $4 ~ /ranks$/ ? "-" : $4
    sub(/.* ranks /, "", size_name[items])
}
file == 3 { value[$1, $2, ++count[$1, $2]] = $3 }

END {
    printf "%-10s %5s %7s  %-25s %7s  %-25s  %s\n", "operation", "ranks", "median", "goal", "worst",
        "goal", "worst at (ours, best peer)"
    for (g = 1; g <= groups; g++) judge(group[g])
    show_partly()
}
