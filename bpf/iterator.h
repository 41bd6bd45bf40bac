/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What every iterator's context begins with. */
#ifndef SHORTCUT_ITERATOR_H
#define SHORTCUT_ITERATOR_H

struct seq_file;

struct bpf_iter_meta {
	struct seq_file *seq;
} __attribute__((preserve_access_index));

#endif /* SHORTCUT_ITERATOR_H */
