# Prints a cell of mpbench's CSV. -v where: COLUMN@ROW, COLUMN (the first row), or one over another.
# SPDX-License-Identifier: BSD-3-Clause
BEGIN { FS = ","; parts = split(where, wanted, "/") }
/^#/ || NF == 0 { next }
!header { for (i = 1; i <= NF; i++) column[$i] = i; header = 1; next }
{
    for (p = 1; p <= parts; p++) {
        split(wanted[p], at, "@")
        if ((at[2] == "" || at[2] == $1) && (at[1] in column) && value[p] == "")
            value[p] = $(column[at[1]])
    }
}
END {
    for (p = 1; p <= parts; p++)
        if (value[p] == "" || (p > 1 && value[p] + 0 == 0)) { print "no value"; exit }
    print (parts == 2 ? sprintf("%.4f", value[1] / value[2]) : value[1])
}
