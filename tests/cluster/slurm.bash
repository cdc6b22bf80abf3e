# slurm.bash: a real Slurm on virtual nodes that are up; sourced by tests.
# SPDX-License-Identifier: BSD-3-Clause
#
# Everything runs as root, with its files in a folder of the test: nothing of the machine's own Slurm is used. It ends
# with the nodes.

# slurm_up DIR NODES CPUS: on nodes n1 to nNODES, each with so many processors as Slurm sees it. Sets SLURM_CONF. Returns
# 1, with the reason in slurm_why, where that is not possible. Needs `vcluster`.
slurm_up() {
    local dir=$1 nodes=$2 cpus=$3 program i tries=0
    PATH=$PATH:/usr/sbin:/sbin
    for program in slurmctld slurmd munged salloc srun; do
        command -v $program >/dev/null || { slurm_why="no $program (packages slurm-wlm and munge)"; return 1; }
    done
    head -c 1024 /dev/urandom >"$dir/munge.key" && chmod 400 "$dir/munge.key"
    mkdir -p "$dir/state"
    export SLURM_CONF=$dir/slurm.conf
    slurm_settings "$dir" "$nodes" "$cpus" >"$SLURM_CONF"
    for ((i = 1; i <= nodes; i++)); do
        "$vcluster" exec "n$i" sh -c "mkdir -p /run/slurmd && chown root /run && chmod 755 /run &&
            munged --key-file=$dir/munge.key --socket=/run/munge.socket --pid-file=/run/munged.pid \
            --log-file=/run/munged.log --seed-file=/run/munged.seed --force" >"$dir/munged.n$i" 2>&1
    done
    "$vcluster" exec n1 slurmctld -c >"$dir/out.slurmctld" 2>&1
    for ((i = 1; i <= nodes; i++)); do
        "$vcluster" exec "n$i" slurmd -N "n$i" >"$dir/out.slurmd" 2>&1
    done
    until [ "$("$vcluster" exec n1 sinfo -h -t idle -o %D 2>/dev/null)" = "$nodes" ]; do
        if [ $((tries++)) -ge 100 ]; then
            slurm_why="Slurm does not start in virtual nodes: $(tail -qn 3 "$dir"/*.log "$dir"/munged.* "$dir"/out.*)"
            return 1
        fi
        sleep 0.1
    done
}

slurm_settings() { # DIR NODES CPUS
    cat <<END
ClusterName=virtual
SlurmctldHost=n1
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=/run/munge.socket
StateSaveLocation=$1/state
SlurmdSpoolDir=/run/slurmd
SlurmctldPidFile=/run/slurmctld.pid
SlurmdPidFile=/run/slurmd.pid
SlurmctldLogFile=$1/slurmctld.log
SlurmdLogFile=$1/slurmd.%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MpiDefault=none
ReturnToService=2
SlurmdParameters=config_overrides
NodeName=n[1-$2] CPUs=$3 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
END
}
