package wirewatch;

import java.io.Reader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.ar.ArabicAnalyzer;
import org.apache.lucene.analysis.charfilter.HTMLStripCharFilter;
import org.apache.lucene.analysis.cjk.CJKAnalyzer;
import org.apache.lucene.analysis.ckb.SoraniAnalyzer;
import org.apache.lucene.analysis.de.GermanAnalyzer;
import org.apache.lucene.analysis.el.GreekAnalyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.es.SpanishAnalyzer;
import org.apache.lucene.analysis.fa.PersianAnalyzer;
import org.apache.lucene.analysis.fr.FrenchAnalyzer;
import org.apache.lucene.analysis.hi.HindiAnalyzer;
import org.apache.lucene.analysis.id.IndonesianAnalyzer;
import org.apache.lucene.analysis.it.ItalianAnalyzer;
import org.apache.lucene.analysis.miscellaneous.SetKeywordMarkerFilter;
import org.apache.lucene.analysis.nl.DutchAnalyzer;
import org.apache.lucene.analysis.pt.PortugueseAnalyzer;
import org.apache.lucene.analysis.ru.RussianAnalyzer;
import org.apache.lucene.analysis.tr.TurkishAnalyzer;
import org.apache.lucene.analysis.util.ElisionFilter;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.index.analysis.AnalyzerProvider;
import org.elasticsearch.index.analysis.AnalyzerScope;
import org.elasticsearch.index.analysis.CharFilterFactory;
import org.elasticsearch.index.analysis.PreConfiguredCharFilter;
import org.elasticsearch.index.analysis.PreConfiguredTokenFilter;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.elasticsearch.plugins.AnalysisPlugin;
import org.elasticsearch.plugins.Plugin;

/**
 * What the analysis-common module gives an official node, from Lucene: the module is not published.
 *
 * <p>Language analyzers, every token filter of Lucene that needs no file, {@code stemmer}, {@code
 * elision}, {@code keyword_marker} and {@code html_strip}, under the names and parameters of the official
 * distribution.
 */
public final class LanguageAnalysis extends Plugin implements AnalysisPlugin {
    /** Elasticsearch itself has these. */
    private static final Set<String> PRESENT = Set.of("lowercase", "standard", "stop", "shingle");

    private static final List<String> FRENCH_ARTICLES =
            List.of("l", "m", "t", "qu", "n", "s", "j", "d", "c", "jusqu", "quoiqu", "lorsqu", "puisqu");

    private static final Map<String, Supplier<Analyzer>> ANALYZERS =
            Map.ofEntries(
                    Map.entry("arabic", ArabicAnalyzer::new),
                    Map.entry("persian", PersianAnalyzer::new),
                    Map.entry("sorani", SoraniAnalyzer::new),
                    Map.entry("russian", RussianAnalyzer::new),
                    Map.entry("english", EnglishAnalyzer::new),
                    Map.entry("french", FrenchAnalyzer::new),
                    Map.entry("spanish", SpanishAnalyzer::new),
                    Map.entry("turkish", TurkishAnalyzer::new),
                    Map.entry("german", GermanAnalyzer::new),
                    Map.entry("cjk", CJKAnalyzer::new),
                    Map.entry("portuguese", PortugueseAnalyzer::new),
                    Map.entry("italian", ItalianAnalyzer::new),
                    Map.entry("dutch", DutchAnalyzer::new),
                    Map.entry("greek", GreekAnalyzer::new),
                    Map.entry("hindi", HindiAnalyzer::new),
                    Map.entry("indonesian", IndonesianAnalyzer::new));

    @Override
    public Map<String, AnalysisProvider<AnalyzerProvider<? extends Analyzer>>> getAnalyzers() {
        Map<String, AnalysisProvider<AnalyzerProvider<? extends Analyzer>>> providers = new TreeMap<>();
        ANALYZERS.forEach(
                (language, analyzer) ->
                        providers.put(
                                language,
                                (index, environment, name, settings) -> new Provider(name, analyzer.get())));
        return providers;
    }

    @Override
    public Map<String, AnalysisProvider<TokenFilterFactory>> getTokenFilters() {
        Map<String, AnalysisProvider<TokenFilterFactory>> filters = new TreeMap<>();
        LuceneFilters.names()
                .forEach(
                        (name, lucene) -> {
                            if (!PRESENT.contains(name)) {
                                put(filters, name, settings -> LuceneFilters.create(lucene, parameters(settings)));
                            }
                        });
        put(
                filters,
                "stemmer",
                settings -> LuceneFilters.stemmer(settings.get("language", settings.get("name", "english"))));
        put(
                filters,
                "elision",
                settings -> elision(settings.getAsList("articles", FRENCH_ARTICLES)));
        put(
                filters,
                "keyword_marker",
                settings -> keywords(settings.getAsList("keywords")));
        return filters;
    }

    @Override
    public List<PreConfiguredTokenFilter> getPreConfiguredTokenFilters() {
        List<PreConfiguredTokenFilter> filters = new ArrayList<>();
        LuceneFilters.names()
                .forEach(
                        (name, lucene) -> {
                            if (!PRESENT.contains(name) && worksBare(lucene)) {
                                filters.add(
                                        PreConfiguredTokenFilter.singleton(
                                                name,
                                                true,
                                                tokens -> LuceneFilters.create(lucene, Map.of()).apply(tokens)));
                            }
                        });
        filters.add(PreConfiguredTokenFilter.singleton("elision", true, elision(FRENCH_ARTICLES)::apply));
        filters.add(
                PreConfiguredTokenFilter.singleton(
                        "stemmer", false, tokens -> LuceneFilters.create("porterStem", Map.of()).apply(tokens)));
        return filters;
    }

    @Override
    public Map<String, AnalysisProvider<CharFilterFactory>> getCharFilters() {
        return Map.of("html_strip", (index, environment, name, settings) -> new HtmlStrip(name));
    }

    @Override
    public List<PreConfiguredCharFilter> getPreConfiguredCharFilters() {
        return List.of(PreConfiguredCharFilter.singleton("html_strip", false, HTMLStripCharFilter::new));
    }

    /** Made only where an index configures one: what works without parameters is pre-configured. */
    private static void put(
            Map<String, AnalysisProvider<TokenFilterFactory>> filters, String type, Recipe recipe) {
        filters.put(
                type,
                AnalysisPlugin.requiresAnalysisSettings(
                        (index, environment, name, settings) ->
                                new Filter(name, recipe.filter(settings))));
    }

    private static boolean worksBare(String lucene) {
        try {
            LuceneFilters.create(lucene, Map.of());
            return true;
        } catch (IllegalArgumentException needsParameters) {
            return false;
        }
    }

    private static Map<String, String> parameters(Settings settings) {
        Map<String, String> parameters = new HashMap<>();
        for (String key : settings.keySet()) {
            if (!key.equals("type") && !key.startsWith("index.")) {
                parameters.put(key, settings.get(key));
            }
        }
        return parameters;
    }

    private static UnaryOperator<TokenStream> elision(List<String> articles) {
        CharArraySet set = new CharArraySet(articles, true);
        return tokens -> new ElisionFilter(tokens, set);
    }

    private static UnaryOperator<TokenStream> keywords(List<String> words) {
        CharArraySet set = new CharArraySet(words, false);
        return tokens -> new SetKeywordMarkerFilter(tokens, set);
    }

    /** What a filter does, from the settings of the index. */
    private interface Recipe {
        UnaryOperator<TokenStream> filter(Settings settings);
    }

    private record Filter(String name, UnaryOperator<TokenStream> filter) implements TokenFilterFactory {
        @Override
        public TokenStream create(TokenStream tokens) {
            return filter.apply(tokens);
        }
    }

    private record HtmlStrip(String name) implements CharFilterFactory {
        @Override
        public Reader create(Reader reader) {
            return new HTMLStripCharFilter(reader);
        }
    }

    private record Provider(String name, Analyzer analyzer) implements AnalyzerProvider<Analyzer> {
        @Override
        public AnalyzerScope scope() {
            return AnalyzerScope.INDEX;
        }

        @Override
        public Analyzer get() {
            return analyzer;
        }
    }
}
