package org.alignmentworkbench.endurance;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// Takes minutes to an hour, so it runs with `./workbench test --long` alone.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@EnabledIfSystemProperty(
    named = "workbench.long",
    matches = "true",
    disabledReason = "runs with ./workbench test --long")
public @interface LongTest {}
