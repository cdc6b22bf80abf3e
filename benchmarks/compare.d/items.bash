# What is run and which values are taken from it.
# SPDX-License-Identifier: BSD-3-Clause

# name | arguments of `limits`
limit_runs=(
    "cacheline|cacheline"
    "memcpy|memcpy --size 64K,1M"
    "cma|cma --size 64K,1M"
)
[ -z "$quick" ] || limit_runs=("${limit_runs[@]/%/ --reps 5}")

# name | ranks | arguments of mpbench
runs=(
    "latency|2|latency --size 8"
    "rate|2|rate --size 8"
    "bandwidth|2|bandwidth --size 64K,1M"
    "barrier2|2|barrier"
    "barrier4|4|barrier"
    "barrier8|8|barrier"
    "allreduce|2|allreduce --size 8"
    "allreduce4|4|allreduce --size 8"
    "depth|2|depth --depths 10,10000"
    "flood|3|flood --late message"
    "datatype|2|datatype --size 4K,64K,4M"
    "launch|2|"
    "launch8|8|"
    "init|2|init"
    "threads|2|threads"
    "threads-alone|1|threads"
)

# key | run | cell of its table: COLUMN@ROW, or the ratio of two | title | unit | what is better
# | goal | run of `limits`:cell
# An item without a run is a limit that is only shown.
# goal: "x 0.8" is a ratio to the best other library, "mpich 1" one to that library, "< 32" a value.
items=(
    "lat8|latency|latency_us@8|8 B latency|us|low|x 0.8|cacheline:latency_us@8"
    "rate8|rate|rate_Mmsgps@8|8 B rate|M/s|high|x 1.2|"
    "bw64k|bandwidth|bandwidth_GBps@65536|bandwidth 64 KiB|GB/s|high|x 1.0|memcpy:bandwidth_GBps@65536"
    "bw1m|bandwidth|bandwidth_GBps@1048576|bandwidth 1 MiB|GB/s|high|x 1.0|memcpy:bandwidth_GBps@1048576"
    "cma64k|||cross-memory attach 64 KiB|GB/s|high||cma:bandwidth_GBps@65536"
    "cma1m|||cross-memory attach 1 MiB|GB/s|high||cma:bandwidth_GBps@1048576"
    "barrier2|barrier2|median_us@2|barrier, 2 ranks|us|low||"
    "barrier4|barrier4|median_us@4|barrier, 4 ranks|us|low|x 1.0|"
    "barrier8|barrier8|median_us@8|barrier, 8 ranks|us|low||"
    "allreduce2|allreduce|median_us@8|allreduce 8 B, 2 ranks|us|low||"
    "allreduce4|allreduce4|median_us@8|allreduce 8 B, 4 ranks|us|low||"
    "depth-posted|depth|posted_us@10000/posted_us@10|depth 10,000:10 posted|x|low|< 3|"
    "depth-unexp|depth|unexpected_us@10000/unexpected_us@10|depth, unexpected|x|low|< 3|"
    "depth-posted-rev|depth|posted_rev_us@10000/posted_rev_us@10|depth, posted, reversed|x|low|< 3|"
    "depth-unexp-rev|depth|unexpected_rev_us@10000/unexpected_rev_us@10|depth, unexp., reversed|x|low|< 3|"
    "flood-grown|flood|grown_MiB@500000|flood, receiver grows|MiB|low|< 32|"
    "flood-drain|flood|drain_s@500000|flood, drained in|s|low|< 2|"
    "launch|launch|ms|launch of 2 ranks|ms|low|x 1.0|"
    "launch8|launch8|ms|launch of 8 ranks|ms|low|x 1.0|"
    "threads1|threads|rate_Mmsgps@1|8 B rate, 1 thread|M/s|high||"
    "threads2|threads|rate_Mmsgps@2|8 B rate, 2 threads|M/s|high||"
    "threads1-alone|threads-alone|rate_Mmsgps@1|8 B to itself, 1 thread|M/s|high||"
    "threads2-alone|threads-alone|rate_Mmsgps@2|8 B to itself, 2 threads|M/s|high||"
    "rss|init|rss_MiB@2|memory after init|MiB|low||"
)

# Each type of `mpbench datatype` at each size.
for shape in vector indexed struct face_xy face_xz face_yz; do
    for size in 4:KiB:4096 64:KiB:65536 4:MiB:4194304; do
        IFS=: read -r number unit bytes <<<"$size"
        items+=("dt-${shape/_/-}-$number${unit,,}|datatype|${shape}_GBps@$bytes|${shape/_/ } $number $unit|GB/s|high|x 1.0|")
    done
done
unset shape size number unit bytes
