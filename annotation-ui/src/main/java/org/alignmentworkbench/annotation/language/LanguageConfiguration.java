package org.alignmentworkbench.annotation.language;

import org.alignmentworkbench.db.person.PersonSettingRepository;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.LocaleResolver;

/// Puts the choice of a language together.
@Configuration(proxyBeanMethods = false)
public class LanguageConfiguration {
  // The name by which Spring finds it.
  @Bean
  LocaleResolver localeResolver(PersonSettingRepository settings) {
    return new PageLanguage(settings);
  }

  @Bean
  LanguageController languageController(PersonSettingRepository settings) {
    return new LanguageController(settings);
  }
}
