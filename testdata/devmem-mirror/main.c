// SPDX-License-Identifier: GPL-2.0
/*
 * A device without hardware, which mirrors a process's address space and has memory of its own:
 * the character device, its ioctls, and the module.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/compat.h>
#include <linux/gfp.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "devmem_mirror.h"

static int device_open(struct inode *inode, struct file *file)
{
	struct mirror *mirror = kzalloc(sizeof(*mirror), GFP_KERNEL);

	if (!mirror)
		return -ENOMEM;
	mirror->frame = get_zeroed_page(GFP_KERNEL);
	if (!mirror->frame) {
		kfree(mirror);
		return -ENOMEM;
	}
	mirror_init(mirror);
	file->private_data = mirror;
	return nonseekable_open(inode, file);
}

static int device_release(struct inode *inode, struct file *file)
{
	struct mirror *mirror = file->private_data;

	mirror_release(mirror);
	free_page(mirror->frame);
	kfree(mirror);
	return 0;
}

static int device_mmap(struct file *file, struct vm_area_struct *vma)
{
	return pfn_mmap(file->private_data, vma);
}

static int device_info(void __user *arg)
{
	struct devmem_mirror_info info = {};

	devmem_info(&info);
	return copy_to_user(arg, &info, sizeof(info)) ? -EFAULT : 0;
}

static int device_pfn(void __user *arg)
{
	struct devmem_mirror_pfn lookup;
	int ret;

	if (copy_from_user(&lookup, arg, sizeof(lookup)))
		return -EFAULT;
	ret = pfn_lookup(&lookup);
	if (ret)
		return ret;
	return copy_to_user(arg, &lookup, sizeof(lookup)) ? -EFAULT : 0;
}

/* device_within() - is the range in the mirror, and of whole pages where it has to be? */
static bool device_within(struct mirror *mirror, const struct devmem_mirror_range *range,
			  bool pages)
{
	unsigned long end = smp_load_acquire(&mirror->end); /* pairs with mirror_set() */

	if (!range->length || range->address >= end || range->address < mirror->start ||
	    range->length > end - range->address)
		return false;
	return !pages || PAGE_ALIGNED(range->address | range->length);
}

static int device_range(struct mirror *mirror, unsigned int command,
			struct devmem_mirror_range *range)
{
	bool bytes = command == DEVMEM_MIRROR_IOC_READ || command == DEVMEM_MIRROR_IOC_WRITE;

	/* A child inherits the file, but it has another address space. */
	if (current->mm != mirror->mm)
		return -EPERM;
	if (command == DEVMEM_MIRROR_IOC_MIRROR)
		return mirror_set(mirror, range);
	if (!device_within(mirror, range, !bytes))
		return -EINVAL;
	switch (command) {
	case DEVMEM_MIRROR_IOC_READ:
	case DEVMEM_MIRROR_IOC_WRITE:
		return mirror_copy(mirror, range, command == DEVMEM_MIRROR_IOC_WRITE);
	case DEVMEM_MIRROR_IOC_SNAPSHOT:
		return mirror_snapshot(mirror, range);
	default:
		return devmem_migrate(range, command == DEVMEM_MIRROR_IOC_TO_DEVICE);
	}
}

static long device_ioctl(struct file *file, unsigned int command, unsigned long value)
{
	void __user *arg = (void __user *)value;
	struct devmem_mirror_range range;
	int ret;

	switch (command) {
	case DEVMEM_MIRROR_IOC_INFO:
		return device_info(arg);
	case DEVMEM_MIRROR_IOC_PFN:
		return device_pfn(arg);
	case DEVMEM_MIRROR_IOC_MIRROR:
	case DEVMEM_MIRROR_IOC_READ:
	case DEVMEM_MIRROR_IOC_WRITE:
	case DEVMEM_MIRROR_IOC_SNAPSHOT:
	case DEVMEM_MIRROR_IOC_TO_DEVICE:
	case DEVMEM_MIRROR_IOC_TO_RAM:
		break;
	default:
		return -ENOTTY;
	}
	if (copy_from_user(&range, arg, sizeof(range)))
		return -EFAULT;
	range.done = 0;
	ret = device_range(file->private_data, command, &range);
	if (copy_to_user(arg, &range, sizeof(range)))
		return -EFAULT;
	return ret;
}

static const struct file_operations device_operations = {
	.owner = THIS_MODULE,
	.open = device_open,
	.release = device_release,
	.mmap = device_mmap,
	.unlocked_ioctl = device_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

static struct miscdevice device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "devmem_mirror",
	.fops = &device_operations,
};

static int __init device_init(void)
{
	int ret = devmem_init();

	if (ret)
		return ret;
	ret = misc_register(&device);
	if (ret)
		devmem_exit();
	return ret;
}

static void __exit device_exit(void)
{
	misc_deregister(&device);
	devmem_exit();
}

module_init(device_init);
module_exit(device_exit);

MODULE_AUTHOR("the ksymaudit authors");
MODULE_DESCRIPTION("mirrors a process's address space, and migrates its memory to a device");
MODULE_LICENSE("GPL");
