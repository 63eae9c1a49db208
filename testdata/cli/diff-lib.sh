#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Two kernels for the cases of diff, as snapshots; a case's cmd has sourced lib.sh before.
# Each symbol of "old" is named for what happens to it in "new".

# What the headers say: a snapshot has them where HEADERS is not empty.
HEADERS='{"release":"","basis":"test","arch":"x86","configuration":true,"helpers":[],"others":[]}'

# snapshot FILE RELEASE: the exports, one a line, from standard input:
# symbol class owner namespace crc importers; "-" is none
snapshot() {
	awk -v release="$2" -v headers="$HEADERS" -v q='"' '
		function text(key, value) { return q key q ":" q value q }
		BEGIN {
			print "{" text("tool", "x") ",\"schema\":1," text("command", "exports") ","
			print "\"kernel\":{" text("release", release) "," text("arch", "x86_64") ","
			print text("vermagic", release " SMP modversions ") ","
			print "\"image\":true,\"modules\":true,\"imports\":true},"
			print "\"findings\":[],\"notices\":[],"
			if (headers) print "\"headers\":" headers ","
			print "\"modules\":[{\"name\":\"fs/a\"},{\"name\":\"fs/b\"},{\"name\":\"fs/c\"}" \
				(release == "6.1.0" ? ",{\"name\":\"gone/mod\"}" : "") "],"
			print "\"exports\":["
		}
		{
			printf "%s{%s,%s,%s", (NR > 1 ? ",\n" : ""), text("symbol", $1), text("class", $2), text("owner", $3)
			if ($4 != "-") printf ",%s", text("namespace", $4)
			if ($5 != "-") printf ",%s", text("crc", $5)
			printf ",\"importers\":[%s]}", $6 == "-" ? "" : $6
		}
		END { print "]}" }' >"$1"
}

snapshot old.json 6.1.0 <<END
_RNvCsOld_4core3abc gpl vmlinux - 00000001 -
follow_pfn plain vmlinux - 00000002 -
follow_pte gpl vmlinux - 00000003 0,1
freed_of_modules gpl vmlinux module:kvm 00000004 -
gone_alone plain vmlinux - 00000005 0,1,2
gone_with_a plain gone/mod - 00000006 -
gone_with_b plain gone/mod - 00000007 0
loosened gpl vmlinux - 00000008 -
moved_dir gpl drivers/staging/x-y - 00000009 -
moved_in gpl fs/a - 0000000a 1
moved_out gpl vmlinux - 0000000b 1
ns_changed gpl vmlinux ONE 0000000c -
ns_gained gpl vmlinux - 0000000d -
ns_lost gpl vmlinux TWO 0000000e -
only_crc plain vmlinux - 0000000f 0,1,2
reserved gpl vmlinux - 00000010 -
tightened plain vmlinux - 00000011 0
tightened_and_moved plain vmlinux - 00000012 0
tightened_and_reserved plain vmlinux - 00000013 -
unchanged plain fs/a_b - 00000014 0
END
snapshot new.json 6.12.0 <<END
_RNvCsNew_4core3abc gpl vmlinux - 00000001 -
follow_pfnmap_start gpl vmlinux - 00000003 0,1
fresh gpl vmlinux - 00000005 0,1,2
freed_of_modules gpl vmlinux - 00000004 -
loosened plain vmlinux - 00000008 -
moved_dir gpl drivers/x_y - 00000009 -
moved_in gpl vmlinux - 0000000a 1
moved_out gpl fs/a - 0000000b 1
ns_changed gpl vmlinux THREE 0000000c -
ns_gained gpl vmlinux FOUR 0000000d -
ns_lost gpl vmlinux - 0000000e -
only_crc plain vmlinux - ffffffff 0,1,2
reserved gpl vmlinux module:kvm,kvm-amd 00000010 -
tightened gpl vmlinux - 00000011 0
tightened_and_moved gpl fs/b - 0000fff2 0
tightened_and_reserved gpl vmlinux module:kvm 00000013 -
unchanged plain fs/a-b - 00000014 0
END
