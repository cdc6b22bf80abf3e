# mprun.bash: completion for Trireme's programs in bash. The options are those that the program itself tells of.
# SPDX-License-Identifier: BSD-3-Clause
_trireme() {
    local word=$2 before=$3 options
    COMPREPLY=()
    case $before in
    --hostfile | --machinefile | --check | --app | --env-file)
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
        compopt -o filenames
        return
        ;;
    --wdir | --path | --prefix | --output-dir)
        mapfile -t COMPREPLY < <(compgen -d -- "$word")
        compopt -o filenames
        return
        ;;
    -n | -np | --np | --timeout) return ;;
    -x) mapfile -t COMPREPLY < <(compgen -e -- "$word"); return ;;
    esac
    if [[ $word == -* ]]; then
        options=$("$1" --help 2>/dev/null | grep -oE '(^|[ ,])-(-[a-z][a-z-]*|[a-zA-Z])' | tr -d ' ,' | sort -u)
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
        return
    fi
    # A program to run, or one of its files: both may stand here.
    mapfile -t COMPREPLY < <(compgen -c -- "$word"; compgen -f -- "$word")
    compopt -o filenames
}
complete -F _trireme mprun mpinfo mpsim mpirun mpiexec
