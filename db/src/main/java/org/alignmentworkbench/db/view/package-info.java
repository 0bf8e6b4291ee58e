/// What pages read: thin lists and counts over several tables, never changed through here.
@NullMarked
package org.alignmentworkbench.db.view;

import org.jspecify.annotations.NullMarked;
