/// Settings, the database and the wiring of plain classes as beans.
@NullMarked
package org.alignmentworkbench.app.config;

import org.jspecify.annotations.NullMarked;
