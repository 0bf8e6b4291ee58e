/// Registered models.
@NullMarked
package org.alignmentworkbench.db.model;

import org.jspecify.annotations.NullMarked;
