// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>
#include <linux/types.h>
#include <linux/netdevice.h>
#define failover_slave_unregister failover_slave_unregister_of_the_header
#include <net/failover.h>
#undef failover_slave_unregister

long failover_slave_unregister(struct net_device *slave_dev);

struct failover *failover_register(struct net_device *dev, struct failover_ops *ops)
{
	return NULL;
}
EXPORT_SYMBOL_GPL(failover_register);

void failover_unregister(struct failover *failover)
{
}
EXPORT_SYMBOL_GPL(failover_unregister);

long failover_slave_unregister(struct net_device *slave_dev)
{
	return 0;
}
EXPORT_SYMBOL_GPL(failover_slave_unregister);

MODULE_DESCRIPTION("takes the place of the kernel's module of that name");
MODULE_LICENSE("GPL");
