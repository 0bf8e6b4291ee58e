package org.alignmentworkbench.annotation;

import java.time.Clock;
import java.util.Set;
import org.alignmentworkbench.annotation.desk.DeskConfiguration;
import org.alignmentworkbench.annotation.keys.KeyConfiguration;
import org.alignmentworkbench.annotation.language.LanguageConfiguration;
import org.alignmentworkbench.annotation.notes.NoteConfiguration;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.annotation.page.SessionController;
import org.alignmentworkbench.annotation.page.ShellAdvice;
import org.alignmentworkbench.annotation.reading.ReadingConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/// What the application imports to get the web kit and the annotator's desk.
@Configuration(proxyBeanMethods = false)
@Import({
  ShellAdvice.class,
  SessionController.class,
  DeskConfiguration.class,
  ReadingConfiguration.class,
  KeyConfiguration.class,
  NoteConfiguration.class,
  LanguageConfiguration.class
})
public class AnnotationUi {
  /// Everybody who may label; viewers only look.
  public static final Set<String> LABELLING_ROLES =
      Set.of("ADMIN", "LEAD", "ENGINEER", "ANNOTATOR");

  @Bean
  Formats formats(Clock clock) {
    return new Formats(clock.getZone());
  }
}
