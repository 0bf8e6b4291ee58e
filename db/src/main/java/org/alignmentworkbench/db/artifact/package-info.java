/// Files and folders kept by content hash, and the rule by which checkpoints go.
@NullMarked
package org.alignmentworkbench.db.artifact;

import org.jspecify.annotations.NullMarked;
