#!/usr/bin/perl
# gen-header.pl: writes mpi.h from the tables of the MPI 5.0 ABI.
# SPDX-License-Identifier: BSD-3-Clause
# usage: gen-header.pl DIRECTORY-OF-THE-TABLES > mpi.h
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use abi;

# Printed in this order. A constant, or a function, belongs to the first section whose pattern it
# matches; the smaller its number the earlier a section is tried, and 9 stands for none.
my @constant_sections = (
    ['Versions of the standard and of its ABI' => qr/^MPI_(ABI_)?(SUB)?VERSION$/],
    ['Reduction operations' => ['MPI_Op']],
    ['Communicators and groups' => ['MPI_Comm', 'MPI_Group']],
    ['Other objects' => [qw(MPI_Win MPI_File MPI_Session MPI_Message MPI_Info MPI_Request)]],
    ['Error handlers' => ['MPI_Errhandler']],
    ['Datatypes: C and C++, Fortran, pairs, and fixed sizes' => ['MPI_Datatype', 'alias']],
    ['Special addresses and ignored arguments' =>
        ['void*', 'char**', 'char***', 'int*', 'MPI_Status*']],
    ['Lengths: strings with their null character, the header of a buffered send' =>
        qr/^MPI_(MAX_|BSEND_OVERHEAD)/],
    ['Predefined attribute and conversion callbacks' => qr/_FN(_NULL(_C)?)?$/],
    ['Layout of a status in Fortran' => qr/^MPI_F_/],
    ['Error classes' => qr/^MPI_(SUCCESS|ERR_|T_ERR_)/],
    ['Files' => qr/^MPI_(MODE_(?!NO)|SEEK_|DISPLACEMENT)/],
    ['One-sided communication' => qr/^MPI_(MODE_NO|LOCK_|WIN_)/],
    ['Special ranks, tags and values' => qr/^MPI_(ANY_|PROC_NULL|ROOT|UNDEFINED|KEYVAL_INVALID)/],
    ['Levels of thread support' => qr/^MPI_THREAD_/],
    ['Distributed arrays' => qr/^MPI_(ORDER_|DISTRIBUTE_)/],
    ['How a datatype was made, and classes of types' => qr/^MPIX?_(COMBINER_|TYPECLASS_)/],
    ['Results of comparisons, topologies, and kinds of split' =>
        qr/^MPI_(IDENT|CONGRUENT|SIMILAR|UNEQUAL|CART|GRAPH|DIST_GRAPH|COMM_TYPE_)/],
    ['Attributes of a communicator' =>
        qr/^MPI_(TAG_UB|IO|HOST|WTIME_IS_GLOBAL|APPNUM|LASTUSEDCODE|UNIVERSE_SIZE)$/],
    ['Interface for tools' => qr/^MPI_T_(?!ERR_)/, 1],
);

my @function_sections = (
    ['Start, end and environment' => qr/^(Init|Init_thread|Initialized|Finalized?|Abort|
        Query_thread|Is_thread_main|Get_(library_)?version|Get_processor_name|Get_hw_resource_info|
        Wtime|Wtick|Pcontrol|Abi_.*|Alloc_mem|Free_mem)$/x],
    ['Sessions' => qr/^(Session_(?!.*buffer$)|Group_from_session|.*_from_groups?$)/, 4],
    ['Error handling' => qr/(_errhandler$|^Errhandler_|^Error_|_error_(class|code|string)$)/, 3],
    ['Communicators' => qr/^(Comm_|Intercomm_)/],
    ['Groups' => qr/^Group_/],
    ['Info objects' => qr/^Info_/],
    ['Datatypes' => qr/^(Type_|Pack|Unpack|Get_address|Aint_)/],
    ['Point-to-point communication' => qr/^I?(Send|[bsr]send|[BSR]send|Recv|Sendrecv(_replace)?|
        send|recv|sendrecv(_replace)?|M?[Pp]robe|[Mm]probe|[Mm]recv)(_init)?$/x],
    ['Completion of requests, and statuses' => qr/^(Wait|Test(?!_inter)|Start(all)?$|Cancel|
        Request_|Grequest_|Status_|Get_(count|elements(_x)?)$)/x],
    ['Buffers of buffered sends' => qr/(^Buffer_|_(attach|detach|flush|iflush)_buffer$)/, 4],
    ['Partitioned communication' => qr/^(P(send|recv)_init|Pready.*|Parrived)$/],
    ['Collective communication' => qr/^I?(barrier|bcast|gatherv?|scatterv?|allgatherv?|
        alltoall[vw]?|reduce(_scatter(_block)?|_local)?|allreduce|scan|exscan)(_init)?$/xi],
    ['Neighbourhood collectives' => qr/^I?[Nn]eighbor_/],
    ['Reduction operations' => qr/^Op_/],
    ['Topologies' => qr/^(Cart|Graph|Dist_graph|Dims_create|Topo_test)/],
    ['One-sided communication' => qr/^(Win_|R?(Put|Get|put|get)$|R?[Aa]ccumulate|
        R?[Gg]et_accumulate|Fetch_and_op|Compare_and_swap)/x],
    ['Processes made at run time' => qr/^(Comm_(spawn|accept|connect|disconnect|join|get_parent)|
        (Open|Close)_port|(Publish|Unpublish|Lookup)_name)/x, 4],
    ['Files' => qr/^(File_|Register_datarep)/, 4],
    ['Handles to integers and back' => qr/_(toint|fromint)$/, 2],
    ['Attributes, under their first names' => qr/^(Attr_|Keyval_)/],
    ['Interface for tools' => qr/^T_/, 1],
);

sub by_section {
    my ($sections, $belongs, @things) = @_;
    my @tried = sort { ($a->[2] // 9) <=> ($b->[2] // 9) } @$sections;
    my %of;
    for my $thing (@things) {
        my ($section) = grep { $belongs->($thing, $_->[1]) } @tried;
        die "gen-header.pl: $thing->{name} belongs to no section\n" if !$section;
        push @{ $of{ $section->[0] } }, $thing;
    }
    return map { [$_->[0], $of{ $_->[0] } || []] } @$sections;
}

sub constant_belongs {
    my ($constant, $test) = @_;
    return $constant->{name} =~ $test if ref $test ne 'ARRAY';
    return scalar grep { $_ eq $constant->{type} } @$test;
}

sub function_belongs {
    my ($function, $test) = @_;
    my $name = $function->{name};
    $name =~ s/^MPI_//;
    $name =~ s/_c$//;
    return $name =~ $test;
}

# An enumeration keeps its own C type, so its constants are enumerators: C++ converts no int to it.
my %enumerators = (
    MPI_T_cb_safety => qr/^MPI_T_CB_REQUIRE_/,
    MPI_T_source_order => qr/^MPI_T_SOURCE_/,
);

sub print_types {
    my ($constants, @types) = @_;
    for my $type (grep { $_->{kind} eq 'handle' } @types) {
        print "typedef $type->{definition}$type->{name};\n";
    }
    print "\n/* Integers wide enough for an address, a place in a file, and both. */\n";
    print "typedef $_->{definition} $_->{name};\n" for grep { $_->{kind} eq 'integer' } @types;
    for my $type (grep { $_->{kind} eq 'struct' } @types) {
        my ($members, $size) = $type->{definition} =~ /^(.*) \((\d+) bytes\)$/;
        print "\n/* $size bytes; MPI_internal belongs to the library. */\n";
        print "typedef struct $type->{name} {\n";
        print "    $_;\n" for split /; */, $members;
        print "} $type->{name};\n";
    }
    for my $type (grep { $_->{kind} eq 'enum' } @types) {
        my @names = grep { $_->{name} =~ $enumerators{ $type->{name} } } @$constants;
        print "\ntypedef enum $type->{name} {\n";
        print join(",\n", map { "    $_->{name} = $_->{value}" } @names), "\n} $type->{name};\n";
    }
    print "\n/* Functions that the user writes and the library calls. */\n";
    for my $type (grep { $_->{kind} eq 'callback' } @types) {
        my ($returns, $params) = $type->{definition} =~ /^(\w+) \((.*)\)$/;
        print abi::fold("typedef $returns $type->{name}(", [split /, */, $params], ');');
    }
    print "\n/* Older names of the same types. */\n";
    print "typedef $_->{definition} $_->{name};\n" for grep { $_->{kind} eq 'alias' } @types;
}

sub print_constants {
    my @sections = by_section(\@constant_sections, \&constant_belongs, @_);
    for my $section (@sections) {
        my ($title, $members) = @$section;
        print "\n/* $title */\n";
        for my $constant (@$members) {
            next if grep { $constant->{name} =~ $_ } values %enumerators;
            printf "#define %-32s %s\n", $constant->{name}, abi::constant_expression($constant);
        }
    }
}

sub print_functions {
    my ($prefix, @functions) = @_;
    for my $section (by_section(\@function_sections, \&function_belongs, @functions)) {
        my ($title, $members) = @$section;
        print "\n/* $title */\n";
        for my $function (@$members) {
            # gcc takes MPI_UNWEIGHTED, a small number, for an array without room when the parameter is one.
            my $text = $function->{text} =~ s/(\w*weights)\[\]/*$1/gr;
            my @params = @{ $function->{params} } ? split(/, */, $text) : ('void');
            print abi::fold("$function->{returns} $prefix$function->{name}(", \@params, ');');
        }
    }
}

my $tables = shift // die "usage: gen-header.pl DIRECTORY-OF-THE-TABLES > mpi.h\n";
my @constants = abi::constants($tables);
my @types = abi::types($tables);
my @functions = abi::functions($tables);

print <<'END';
/* mpi.h: the C interface of MPI 5.0, in the layout of the standard's ABI. */
/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Made by src/abi/gen-header.pl from the tables beside it: change those, not this file.
 * A handle is a pointer to an incomplete structure; the predefined ones are small integers, the
 * same in every library with this ABI. MPI_X_c is MPI_X with counts of type MPI_Count. PMPI_X is
 * MPI_X for a tool that puts a function of its own in the place of MPI_X.
 */
#ifndef MPI_H_ABI
#define MPI_H_ABI

#include <stddef.h>
#include <stdint.h>

#if defined(__cplusplus)
extern "C" {
#endif

/* ---- Types ---- */

/* Handles */
END
print_types(\@constants, @types);
print "\n/* ---- Constants ---- */\n";
print_constants(@constants);
print "\n/* ---- Functions ---- */\n";
print_functions('', @functions);
print "\n/* ---- The same functions for tools ---- */\n";
print_functions('P', @functions);
print <<'END';

#if defined(__cplusplus)
}
#endif

#endif
END
