// SPDX-License-Identifier: GPL-2.0
/* The example of the gate kit: writes back and drops the caches of one CPU when it is loaded (x86). */
#include <linux/cpu.h>
#include <linux/module.h>
#include <asm/smp.h>

static unsigned int cpu;
module_param(cpu, uint, 0444);
MODULE_PARM_DESC(cpu, "the CPU whose caches are written back and dropped");

static int __init flush_cpu_init(void)
{
	bool online;

	cpus_read_lock();
	online = cpu < nr_cpu_ids && cpu_online(cpu);
	if (online)
		wbinvd_on_cpu(cpu);
	cpus_read_unlock();
	return online ? 0 : -ENODEV;
}
module_init(flush_cpu_init);

static void __exit flush_cpu_exit(void)
{
}
module_exit(flush_cpu_exit);

MODULE_DESCRIPTION("Write back and drop the caches of one CPU");
MODULE_LICENSE("GPL");
