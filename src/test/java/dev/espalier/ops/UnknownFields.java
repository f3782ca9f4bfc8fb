package dev.espalier.ops;

import io.fabric8.kubernetes.api.model.AnyType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Fields of a manifest that its typed model does not have: it keeps them aside, silently. */
final class UnknownFields {
  /** Of every object and of every resource: not fields. */
  private static final Set<String> IGNORED =
      Set.of("getClass", "getFullResourceName", "getPlural", "getSingular");

  private final List<String> found = new ArrayList<>();

  private UnknownFields() {}

  /** Paths of the unknown fields of a resource. */
  static List<String> of(Object resource) {
    UnknownFields search = new UnknownFields();
    search.walk(resource.getClass().getSimpleName(), resource);
    return search.found;
  }

  private void walk(String path, Object value) {
    if (value instanceof Collection<?> items) {
      int i = 0;
      for (Object item : items) {
        walk(path + "[" + i++ + "]", item);
      }
    } else if (value instanceof Map<?, ?> entries) {
      entries.forEach((key, entry) -> walk(path + "." + key, entry));
    } else if (value != null && !(value instanceof AnyType) && isModel(value)) {
      for (Method getter : value.getClass().getMethods()) {
        read(path, value, getter);
      }
    }
  }

  private static boolean isModel(Object value) {
    return value.getClass().getName().startsWith("io.fabric8.kubernetes.api.model")
        || value.getClass().getName().startsWith("io.fabric8.openshift.api.model");
  }

  private void read(String path, Object owner, Method getter) {
    String name = getter.getName();
    if (!name.startsWith("get") || getter.getParameterCount() > 0 || IGNORED.contains(name)) {
      return;
    }
    try {
      Object value = getter.invoke(owner);
      if (name.equals("getAdditionalProperties")) {
        ((Map<?, ?>) value).keySet().forEach(key -> found.add(path + "." + key));
      } else {
        walk(path + "." + name.substring(3), value);
      }
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new AssertionError(path + "." + name, e);
    }
  }
}
