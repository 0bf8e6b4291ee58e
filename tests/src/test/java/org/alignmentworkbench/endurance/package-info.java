/// What takes too long for every build: kill statistics, soaks and the killed demo. They run with
/// `./workbench test --long`.
package org.alignmentworkbench.endurance;
