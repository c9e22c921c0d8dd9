package hudson.util;

import com.thoughtworks.xstream.XStream;
import com.thoughtworks.xstream.core.util.CompositeClassLoader;
import com.thoughtworks.xstream.io.HierarchicalStreamWriter;
import com.thoughtworks.xstream.io.xml.PrettyPrintWriter;
import com.thoughtworks.xstream.io.xml.StaxDriver;
import com.thoughtworks.xstream.security.AnyTypePermission;
import hudson.PluginManager;
import java.io.Writer;

/**
 * Objects as the XML that Jenkins writes: indented, references by value, and with the plugin that a class is
 * from.
 */
public class XStream2 extends XStream {

    public XStream2() {
        super(new StaxDriver() {
            @Override
            public HierarchicalStreamWriter createWriter(Writer out) {
                return new PrettyPrintWriter(out, PrettyPrintWriter.XML_1_1, getNameCoder());
            }
        });
        setMode(XStream.NO_REFERENCES);
        addPermission(AnyTypePermission.ANY);
        ignoreUnknownElements();
        registerConverter(new Secret.ConverterImpl());
        registerConverter(new RobustCollectionConverter(getMapper()), PRIORITY_NORMAL + 1);
        registerConverter(new PluginAwareConverter(getMapper(), getReflectionProvider()),
                PRIORITY_VERY_LOW + 1);
        setClassLoader(XStream2.class.getClassLoader());
    }

    /** Makes the classes of plugins known, once there are any. */
    public void see(PluginManager plugins) {
        CompositeClassLoader all = new CompositeClassLoader();
        all.add(plugins.uberClassLoader);
        setClassLoader(all);
    }
}
