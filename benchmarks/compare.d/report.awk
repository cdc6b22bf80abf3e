# Makes the table of `compare` from its items (first file) and values.tsv (second).
# SPDX-License-Identifier: BSD-3-Clause
function is_number(text) { return text ~ /^-?[0-9.]+([eE][-+]?[0-9]+)?$/ }

# The median of a key's numbers from one library, or why there are none, or "-".
function median(key, who,    n, i, j, sorted, text) {
    n = 0
    for (i = 1; i <= count[key, who]; i++) {
        text = value[key, who, i]
        if (is_number(text)) sorted[++n] = text + 0
    }
    if (n > 0 && n < count[key, who] && !seen[key, who]++) partly[who] = partly[who] " " key
    if (n == 0) return count[key, who] ? value[key, who, 1] : "-"
    for (i = 2; i <= n; i++)
        for (j = i; j > 1 && sorted[j - 1] > sorted[j]; j--) {
            text = sorted[j]; sorted[j] = sorted[j - 1]; sorted[j - 1] = text
        }
    return (sorted[int((n + 1) / 2)] + sorted[int(n / 2) + 1]) / 2
}

function show(number) {
    if (!is_number(number)) return number
    return number >= 1000 ? sprintf("%.0f", number) : sprintf("%.3g", number)
}

function ratio(a, b) { return is_number(a) && is_number(b) && b != 0 ? a / b : "-" }

function show_ratio(number) { return is_number(number) ? sprintf("%.2fx", number) : "-" }

# "ok", "goal missed" or "-" with the goal itself in front.
function judge(goal, better, own, best, key,    part, measured, met, text) {
    if (goal == "") return ""
    split(goal, part, " ")
    if (part[1] == "x") measured = ratio(own, best)
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
        key = field[1]; better = field[6]; best = "-"; own = "-"
        printf "%-26s %5s", field[4], field[5]
        for (l = 1; l <= libraries_count; l++) {
            now = median(key, library[l])
            if (library[l] == "trireme") own = now
            else if (is_number(now) && (best == "-" || (better == "low" ? now < best : now > best)))
                best = now
            printf " %12s", show(now)
        }
        limit = median(key, "limit")
        printf " %10s %10s %9s  %s\n", show(limit), show_ratio(ratio(own, best)),
            show_ratio(ratio(own, limit)),
            judge(field[7], better, own, best, key)
    }
    for (l = 1; l <= libraries_count; l++)
        if (partly[library[l]] != "")
            printf "%s failed in some rounds:%s\n", library[l], partly[library[l]]
}
