# abi.pm: reads the three tables of the MPI 5.0 ABI for the generators and the tests.
# SPDX-License-Identifier: BSD-3-Clause
package abi;
use strict;
use warnings;

# Every table has a header line and three tab-separated columns.
sub read_table {
    my ($file) = @_;
    open(my $in, '<', $file) or die "$0: cannot read $file: $!\n";
    my @rows;
    while (my $line = <$in>) {
        next if $. == 1;
        chomp $line;
        my @columns = split /\t/, $line, -1;
        die "$0: $file:$.: expected 3 columns\n" if @columns != 3;
        push @rows, \@columns;
    }
    close $in;
    return @rows;
}

# -> ({name, type, value}...); an alias has the type 'alias' and a constant's name as its value.
sub constants {
    return map { { name => $_->[0], type => $_->[1], value => $_->[2] } }
        read_table("$_[0]/constants.tsv");
}

# -> ({name, kind, definition}...)
sub types {
    return map { { name => $_->[0], kind => $_->[1], definition => $_->[2] } }
        read_table("$_[0]/types.tsv");
}

# One parameter: its declaration, its name, and its type with '@' where the name was.
sub parse_param {
    my ($text) = @_;
    return { decl => '...', name => '', shape => '...' } if $text eq '...';
    $text =~ /^(.*?[ *])(\w+)((?:\[\d*\])*)$/ or die "$0: cannot parse the parameter '$text'\n";
    return { decl => $text, name => $2, shape => "$1\@$3" };
}

# -> ({name, returns, text, params => [...]}...); name keeps its MPI_ prefix, text is the C list.
sub functions {
    my @functions;
    for my $row (read_table("$_[0]/functions.tsv")) {
        my ($name, $returns, $text) = @$row;
        $text = '' if $text eq 'void';
        my @params = map { parse_param($_) } split /, */, $text;
        push @functions, {
            name => $name,
            returns => $returns,
            text => @params ? $text : 'void',
            params => \@params,
        };
    }
    return @functions;
}

# The value of a constant as a C expression, cast where its type is not a plain integer.
sub constant_expression {
    my ($constant) = @_;
    my ($type, $value) = @{$constant}{qw(type value)};
    return $value if $type eq 'alias';
    if ($type eq 'int') {
        return $value =~ /^-/ ? "($value)" : $value;
    }
    $value = "($value)" if $value =~ /^-/;
    $type =~ s/(\w)(\*+)$/$1 $2/;
    return "(($type)$value)";
}

# "head(item, item, ...)tail" folded at 100 columns, continuation lines under the parenthesis.
sub fold {
    my ($head, $items, $tail) = @_;
    return "$head$tail\n" if !@$items;
    my $indent = ' ' x length $head;
    my ($out, $line) = ('', $head);
    for my $i (0 .. $#$items) {
        my $item = $items->[$i] . ($i < $#$items ? ',' : $tail);
        my $blank = $line =~ /[( ]$/ ? '' : ' ';
        if ($i && length("$line$blank$item") > 100) {
            $out .= "$line\n";
            $line = "$indent$item";
        } else {
            $line .= "$blank$item";
        }
    }
    return "$out$line\n";
}

1;
