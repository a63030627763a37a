package wirewatch;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.lucene.analysis.*;
import org.apache.lucene.analysis.util.*;
import org.apache.lucene.util.*;

/**
 * Lucene's own token filters by the names that Elasticsearch's analysis-common module gives them.
 *
 * <p>The imports on demand let one source compile against Lucene 8 and 10, which keep the factories in
 * different packages.
 */
final class LuceneFilters {
    /** Where snake case of Lucene's name is not Elasticsearch's name. */
    private static final Map<String, String> RENAMED =
            Map.of(
                    "ascii_folding", "asciifolding",
                    "k_stem", "kstem",
                    "n_gram", "ngram",
                    "edge_n_gram", "edge_ngram",
                    "reverse_string", "reverse",
                    "keep_word", "keep",
                    "snowball_porter", "snowball",
                    "limit_token_count", "limit");

    /** Where a parameter has another name in Elasticsearch. */
    private static final Map<String, String> PARAMETERS =
            Map.of(
                    "preserve_original", "preserveOriginal",
                    "min_gram", "minGramSize",
                    "max_gram", "maxGramSize",
                    "max_token_count", "maxTokenCount",
                    "language", "language",
                    "length", "prefixLength");

    private LuceneFilters() {}

    /** Lucene's name of every filter that needs no file, by Elasticsearch's name. */
    static Map<String, String> names() {
        Map<String, String> names = new TreeMap<>();
        for (String name : TokenFilterFactory.availableTokenFilters()) {
            if (!ResourceLoaderAware.class.isAssignableFrom(TokenFilterFactory.lookupClass(name))) {
                String snake = snakeCase(name);
                names.put(RENAMED.getOrDefault(snake, snake), name);
            }
        }
        return names;
    }

    /** The filter of that (Lucene) name; throws IllegalArgumentException on parameters it does not know. */
    static UnaryOperator<TokenStream> create(String name, Map<String, String> parameters) {
        Map<String, String> given = new HashMap<>();
        parameters.forEach((key, value) -> given.put(PARAMETERS.getOrDefault(key, key), value));
        return TokenFilterFactory.forName(name, given)::create;
    }

    /** The name of Lucene's filter behind Elasticsearch's {@code stemmer} for a language. */
    static UnaryOperator<TokenStream> stemmer(String language) {
        String name = language.startsWith("light_") ? language.substring(6) + "LightStem" : language + "Stem";
        if (TokenFilterFactory.availableTokenFilters().contains(name)) {
            return create(name, Map.of());
        }
        String capital = language.substring(0, 1).toUpperCase(Locale.ROOT) + language.substring(1);
        return create("snowballPorter", Map.of("language", capital));
    }

    private static String snakeCase(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }
}
