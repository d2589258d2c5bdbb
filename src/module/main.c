// SPDX-License-Identifier: GPL-2.0-only
#include <linux/module.h>
#include "internal.h"

static int __init mmuscope_init(void)
{
	int err;

	mmuscope_arch_init();
	mmuscope_raw_init();
	mmuscope_pages_init();
	err = mmuscope_target_init();
	if (err)
		return err;
	err = mmuscope_frame_init();
	if (err)
		goto err_target;
	err = mmuscope_pci_init();
	if (err)
		goto err_frame;
	err = mmuscope_device_init();
	if (err)
		goto err_pci;
	mmuscope_debugfs_init();
	return 0;

err_pci:
	mmuscope_pci_exit();
err_frame:
	mmuscope_frame_exit();
err_target:
	mmuscope_target_exit();
	return err;
}
module_init(mmuscope_init);

static void __exit mmuscope_exit(void)
{
	mmuscope_debugfs_exit();
	mmuscope_pidfs_exit();
	mmuscope_device_exit();
	mmuscope_pci_exit();
	mmuscope_frame_exit();
	mmuscope_target_exit();
}
module_exit(mmuscope_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Shows the virtual memory of a live machine the way the MMU sees it");
MODULE_VERSION(MMUSCOPE_VERSION);
