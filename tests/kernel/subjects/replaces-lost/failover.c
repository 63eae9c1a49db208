// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>
#include <linux/types.h>
#include <linux/netdevice.h>
#include <net/failover.h>

struct failover *failover_register(struct net_device *dev, struct failover_ops *ops)
{
	return NULL;
}
EXPORT_SYMBOL_GPL(failover_register);

void failover_unregister(struct failover *failover)
{
}
EXPORT_SYMBOL_GPL(failover_unregister);

int failover_slave_unregister(struct net_device *slave_dev)
{
	return 0;
}

MODULE_DESCRIPTION("takes the place of the kernel's module of that name");
MODULE_LICENSE("GPL");
