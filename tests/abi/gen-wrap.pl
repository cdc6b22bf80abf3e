#!/usr/bin/perl
# gen-wrap.pl: writes a program that puts a function of its own before each function of MPI.
# SPDX-License-Identifier: BSD-3-Clause
# usage: gen-wrap.pl DIRECTORY-OF-THE-TABLES > wrap.c
#
# What a profiling tool does (MPI 5.0, 15.2), for all functions at once: each definition counts and
# calls its PMPI_ name. A program that links shows that no name is in the way; the calls at its end,
# that the definitions are entered, and that the library itself calls none of them.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../../src/abi";
use abi;

my ($tables) = @ARGV;
die "usage: gen-wrap.pl DIRECTORY-OF-THE-TABLES\n" if !defined $tables;
my @functions = abi::functions($tables);

print <<'END';
/* Made by tests/abi/gen-wrap.pl: a function of its own before each function of MPI. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <string.h>

#include <mpi.h>

END
print "enum {\n", (map { "    AT_$_->{name},\n" } @functions), "    FUNCTIONS\n};\n";
print "static const char *const names[] = {\n", (map { "    \"$_->{name}\",\n" } @functions), "};\n";
print "static int calls[FUNCTIONS];\n\n";
for my $function (@functions) {
    my @params = @{ $function->{params} };
    my @given = map { $_->{name} } grep { $_->{decl} ne '...' } @params;
    print abi::fold("$function->{returns} $function->{name}(",
        @params ? [map { $_->{decl} } @params] : ['void'], ')');
    print "{\n    calls[AT_$function->{name}]++;\n";
    print abi::fold("    return P$function->{name}(", \@given, ');'), "}\n\n";
}
print <<'END';
static int failed, number;

/* The call just made was one of this function and of no other. */
static void expect(int function)
{
    int total = 0;

    for (int i = 0; i < FUNCTIONS; i++)
        total += calls[i];
    number++;
    if (calls[function] == 1 && total == 1) {
        printf("ok %d - %s\n", number, names[function]);
    } else {
        printf("not ok %d - %s: entered %d times of %d in all\n", number, names[function],
               calls[function], total);
        for (int i = 0; i < FUNCTIONS; i++)
            if (calls[i] && i != function)
                printf("# %s: %d\n", names[i], calls[i]);
        failed = 1;
    }
    memset(calls, 0, sizeof calls);
}

#define TRY(name, ...) ((void)MPI_##name(__VA_ARGS__), expect(AT_MPI_##name))

static void try_messages(MPI_Comm comm)
{
    int out = 1, in = 0, flag;
    MPI_Request requests[2];
    MPI_Status status;
    MPI_Message message;

    TRY(Irecv, &in, 1, MPI_INT, 0, 1, comm, &requests[0]);
    TRY(Isend, &out, 1, MPI_INT, 0, 1, comm, &requests[1]);
    TRY(Waitall, 2, requests, MPI_STATUSES_IGNORE);
    TRY(Send, &out, 1, MPI_INT, 0, 1, comm);
    TRY(Iprobe, 0, 1, comm, &flag, &status);
    TRY(Recv, &in, 1, MPI_INT, 0, 1, comm, &status);
    TRY(Get_count, &status, MPI_INT, &in);
    TRY(Send_c, &out, 1, MPI_INT, 0, 1, comm);
    TRY(Mprobe, 0, 1, comm, &message, &status);
    TRY(Mrecv_c, &in, 1, MPI_INT, &message, &status);
    TRY(Sendrecv, &out, 1, MPI_INT, 0, 1, &in, 1, MPI_INT, 0, 1, comm, &status);
    TRY(Barrier, comm);
    TRY(Bcast, &out, 1, MPI_INT, 0, comm);
    TRY(Allreduce, &out, &in, 1, MPI_INT, MPI_SUM, comm);
    TRY(Allgather_c, &out, 1, MPI_INT, &in, 1, MPI_INT, comm);
}

static void try_objects(void)
{
    MPI_Comm comm;
    MPI_Group group;
    MPI_Datatype type;
    MPI_Info info;
    int number_of;

    TRY(Comm_rank, MPI_COMM_WORLD, &number_of);
    TRY(Comm_dup, MPI_COMM_WORLD, &comm);
    TRY(Comm_group, comm, &group);
    TRY(Group_size, group, &number_of);
    TRY(Group_free, &group);
    TRY(Comm_toint, comm);
    TRY(Type_contiguous, 3, MPI_INT, &type);
    TRY(Type_commit, &type);
    TRY(Type_free, &type);
    TRY(Info_create, &info);
    TRY(Info_free, &info);
    try_messages(comm);
    TRY(Comm_free, &comm);
}

int main(int argc, char **argv)
{
    int value;

    TRY(T_init_thread, MPI_THREAD_SINGLE, &value);
    TRY(T_cvar_get_num, &value);
    TRY(Initialized, &value);
    TRY(Init, &argc, &argv);
    try_objects();
    TRY(Wtime);
    TRY(Aint_add, 1, 2);
    TRY(Pcontrol, 1);
    TRY(Finalize);
    TRY(Finalized, &value);
    TRY(T_finalize);
    printf("1..%d\n# %d functions have a definition of the program's before them\n", number,
           FUNCTIONS);
    return failed;
}
END
