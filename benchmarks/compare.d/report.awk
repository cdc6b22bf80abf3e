# Makes the table of `compare` from its items (first file) and values.tsv (second); with values.awk.
# SPDX-License-Identifier: BSD-3-Clause
# "ok", "goal missed" or "-" with the goal itself in front.
function judge(goal, better, own, to_best, key,    part, measured, met, text) {
    if (goal == "") return ""
    split(goal, part, " ")
    if (part[1] == "x") measured = to_best
    else if (part[1] == "<") measured = own
    else measured = ratio(own, median(key, part[1]))
    met = better == "low" ? measured <= part[2] + 0 : measured >= part[2] + 0
    if (part[1] == "<") text = "at most " part[2]
    else text = (better == "low" ? "at most " : "at least ") part[2] "x" \
        (part[1] == "x" ? "" : " " part[1])
    if (own == "-") return text ": not measured"
    if (!is_number(own)) return text ": goal missed"
    if (!is_number(measured)) return text ": no peer"
    return text (met ? ": ok" : ": goal missed")
}

BEGIN { libraries_count = split(libraries, library, " ") }

FNR == NR { FS = "\t"; item[++items] = $0; next }
{ value[$1, $2, ++count[$1, $2]] = $3 }

END {
    printf "%-26s %5s", "", ""
    for (l = 1; l <= libraries_count; l++) printf " %12s", library[l]
    printf " %10s %10s %9s  %s\n", "limit", "to best", "to limit", "goal"
    for (i = 1; i <= items; i++) {
        split(item[i], field, "|")
        key = field[1]; better = field[6]; best_peer(key, better); own = median(key, "trireme")
        to_best = rounds_ratio(key, "trireme", best_name)
        printf "%-26s %5s", field[4], field[5]
        for (l = 1; l <= libraries_count; l++) printf " %12s", show(median(key, library[l]))
        limit = median(key, "limit")
        printf " %10s %10s %9s  %s\n", show(limit), show_ratio(to_best),
            show_ratio(ratio(own, limit)),
            judge(field[7], better, own, to_best, key)
    }
    show_partly()
}
