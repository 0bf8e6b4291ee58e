package org.alignmentworkbench.app.people;

import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/// Puts [Sight] before every room.
@Configuration(proxyBeanMethods = false)
class SightConfiguration implements WebMvcConfigurer {
  private final Sight sight;

  SightConfiguration(Sight sight) {
    this.sight = sight;
  }

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(sight);
  }
}
