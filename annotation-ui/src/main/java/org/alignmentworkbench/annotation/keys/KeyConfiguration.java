package org.alignmentworkbench.annotation.keys;

import org.alignmentworkbench.db.person.PersonSettingRepository;
import org.springframework.context.MessageSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/// Puts the keys together.
@Configuration(proxyBeanMethods = false)
@Import(OwnKeysAdvice.class)
public class KeyConfiguration {
  @Bean
  KeyController keyController(PersonSettingRepository settings, MessageSource words) {
    return new KeyController(settings, words);
  }
}
