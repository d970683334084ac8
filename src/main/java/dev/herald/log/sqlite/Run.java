package dev.herald.log.sqlite;

import dev.herald.log.Generation;
import dev.herald.log.sqlite.files.BootId;

/**
 * Run of a hub on this log: a row of the table of generations.
 *
 * @param number rises from row to row
 * @param boot of the system in which it ran
 * @param forced whether each of its batches waited for the disk
 * @param ended whether it was closed in good order
 */
record Run(long number, Generation generation, BootId boot, boolean forced, boolean ended) {}
