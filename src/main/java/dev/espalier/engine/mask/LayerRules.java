package dev.espalier.engine.mask;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.espalier.contract.Policy;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a policy says about layers by name. Expressions run in linear time (RE2): policies can come
 * from events.
 */
public final class LayerRules {
  /** Layers named in a refusal. */
  private static final int SHOWN = 8;

  private final List<Pattern> excluded;
  private final List<Cap> caps = new ArrayList<>();
  private final double minimumKept;

  private record Cap(Pattern layers, double maxSparsity) {}

  /**
   * The rules of a policy.
   *
   * @throws Refusal {@code policy-invalid} when an expression does not compile
   */
  public LayerRules(Policy policy) {
    excluded = policy.exclude().stream().map(LayerRules::compile).toList();
    for (Policy.LayerOverride override : policy.overrides()) {
      caps.add(new Cap(compile(override.layers()), override.maxSparsity()));
    }
    minimumKept = policy.minimumKept();
  }

  /**
   * Refuses expressions that find nothing: whoever wrote one expects a layer to be kept from harm.
   *
   * @param layers names of the model's layers, in order
   * @throws Refusal {@code policy-invalid} naming the expression and some layers
   */
  public void requireMatches(Collection<String> layers) {
    for (int i = 0; i < excluded.size(); i++) {
      requireMatch("exclude[" + i + "]", excluded.get(i), layers);
    }
    for (int i = 0; i < caps.size(); i++) {
      requireMatch("overrides[" + i + "].layers", caps.get(i).layers(), layers);
    }
  }

  private static void requireMatch(String field, Pattern pattern, Collection<String> layers) {
    if (layers.stream().noneMatch(layer -> pattern.matcher(layer).find())) {
      List<String> names = layers.stream().distinct().toList();
      String shown =
          names.stream().limit(SHOWN).map(n -> "'" + n + "'").collect(Collectors.joining(", "));
      throw new Refusal(
          ReasonCode.POLICY_INVALID,
          "policy field '%s' is '%s', which is found in no layer's name; layers are %s%s"
              .formatted(
                  field,
                  pattern.pattern(),
                  shown,
                  names.size() > SHOWN ? " and %d more".formatted(names.size() - SHOWN) : ""));
    }
  }

  /** Whether a layer is left alone. */
  public boolean excludes(String layer) {
    return excluded.stream().anyMatch(p -> p.matcher(layer).find());
  }

  /**
   * Most weights that may be removed from a layer of {@code size} weights: {@code minimum-kept} and
   * every matching cap hold.
   */
  public long mostRemoved(String layer, long size) {
    long most = size - (long) Math.ceil(minimumKept * size);
    for (Cap cap : caps) {
      if (cap.layers().matcher(layer).find()) {
        most = Math.min(most, (long) Math.floor(cap.maxSparsity() * size));
      }
    }
    return most;
  }

  /**
   * Most channels that may be removed from a group of {@code size}, so that at least two stay and a
   * multiple of {@code multiple} can: the rules of every layer that writes them hold. The bias of a
   * single channel would be a tensor of one number, which files do not tell from a plain constant.
   */
  public long mostRemoved(Collection<String> layers, long size, int multiple) {
    long most = size - 2;
    for (String layer : layers) {
      most = Math.min(most, mostRemoved(layer, size));
    }
    long kept = RoundedSelection.roundedUp(size - Math.max(0, most), multiple);
    return Math.max(0, size - kept);
  }

  private static Pattern compile(String expression) {
    try {
      return Pattern.compile(expression);
    } catch (PatternSyntaxException e) {
      throw new Refusal(
          ReasonCode.POLICY_INVALID,
          "'" + expression + "' is not a regular expression (RE2 syntax): " + e.getDescription(),
          e);
    }
  }
}
