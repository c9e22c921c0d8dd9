// Reading and making objects by their properties, as Jenkins' own forms do: through the data-bound constructor and
// setters of their classes. The names of the constructor's parameters are in the file that Stapler's compiler plugin
// writes beside each such class; a class compiled without it carries them itself.
import hudson.util.Secret
import java.beans.Introspector
import java.lang.reflect.Array
import javax.crypto.Mac
import javax.crypto.spec.SecretKeySpec
import jenkins.model.Jenkins

def isBound = { member, String how -> member.annotations.any { it.annotationType().name == 'org.kohsuke.stapler.DataBound' + how } }
def constructorOf = { Class type -> type.constructors.find { isBound(it, 'Constructor') } }
def parametersOf = { Class type ->
    def file = type.classLoader?.getResourceAsStream(type.name.replace('.', '/').replace('$', '/') + '.stapler')
    if (file == null) return constructorOf(type).parameters*.name
    def properties = new Properties()
    file.withStream { properties.load(it) }
    properties.getProperty('constructor').split(',').findAll { it } as List
}
def settersOf = { Class type ->
    type.methods.findAll { isBound(it, 'Setter') }.collect { Introspector.decapitalize(it.name.substring(3)) }
}
def propertiesOf = { Class type -> constructorOf(type) == null ? [] : (parametersOf(type) + settersOf(type)).unique() }

// A secret is told by a hash, keyed with `secret.key`, which lives no longer than the run that asked.
def fingerprint = { String text ->
    def mac = Mac.getInstance('HmacSHA256')
    mac.init(new SecretKeySpec(secret.key.getBytes('US-ASCII'), 'HmacSHA256'))
    mac.doFinal(text.getBytes('UTF-8')).encodeHex().toString()
}
def valueOf = { object, String name ->
    if (object.metaClass.hasProperty(object, name)) return object."$name"
    object.metaClass.respondsTo(object, name) ? object."$name"() : null
}
def describe
describe = { object ->
    def shown
    shown = { String name, value ->
        if (value == null || value instanceof Boolean || value instanceof Number) return value
        if (value instanceof Secret) return value.plainText ? [secret: fingerprint(value.plainText)] : null
        if (value instanceof CharSequence) {
            return name =~ /(?i)password|secret/ ? (value ? [secret: fingerprint(value as String)] : null) : value as String
        }
        if (value instanceof Collection || value.class.array) return value.collect { shown('', it) }
        describe(value)
    }
    [class: object.class.name, properties: propertiesOf(object.class).collectEntries { [it, shown(it, valueOf(object, it))] }]
}

// The other way round. `[secret: name]` stands for the value of that name in `secret`.
def make
make = { Map wanted ->
    def type = Jenkins.getInstance().pluginManager.uberClassLoader.loadClass(wanted['class'])
    def valueFor
    valueFor = { value, Class target ->
        if (value == null) return target == boolean ? false : target == int ? 0 : null
        if (value instanceof Map && value.containsKey('secret')) {
            def text = secret[value.secret]
            return target == Secret ? Secret.fromString(text) : text
        }
        if (value instanceof Map) return make(value)
        if (!(value instanceof List)) return value
        def items = value.collect { valueFor(it, target.array ? target.componentType : Object) }
        target.array ? items.toArray(Array.newInstance(target.componentType, 0)) : new ArrayList(items)
    }
    def constructor = constructorOf(type)
    def names = parametersOf(type)
    def values = [names, constructor.parameterTypes as List].transpose().collect { name, target -> valueFor(wanted.properties[name], target) }
    def object = constructor.newInstance(values as Object[])
    type.methods.findAll { isBound(it, 'Setter') }.each { setter ->
        def name = Introspector.decapitalize(setter.name.substring(3))
        if (wanted.properties.containsKey(name)) {
            setter.invoke(object, [valueFor(wanted.properties[name], setter.parameterTypes[0])] as Object[])
        }
    }
    object
}
// The reverse proxy plugin notes in its realm of whom the last request was. That is no setting.
def withoutLastRequest = { String xml -> xml.replaceAll('\\s*<retrievedUser(/>|>[^<]*</retrievedUser>)', '') }
// What was kept of a realm, as Jenkins wrote it; null if a realm is asked for by its properties.
def keptXml = { ->
    def xml = secret.xml
    if (xml == null) return null
    def text = xml.startsWith('<') ? xml : Secret.decrypt(xml)?.plainText
    if (text == null) throw new IllegalStateException('what was kept of the realm was encrypted by another controller')
    withoutLastRequest(text)
}
// The realm that is asked for: by its properties, or as XML that Jenkins wrote.
def makeRealm = { ->
    def xml = keptXml()
    xml == null ? make(input.realm) : Jenkins.XSTREAM2.fromXML(xml)
}
// A realm as Jenkins would write it to a file.
def writtenXml = { realm -> withoutLastRequest(Jenkins.XSTREAM2.toXML(realm)) }
// The same, to be kept elsewhere. Plugins that keep a password without encrypting it would show it there.
def xmlOf = { realm ->
    def xml = writtenXml(realm)
    def plain = propertiesOf(realm.class).any { it =~ /(?i)password|secret/ && valueOf(realm, it) instanceof CharSequence }
    plain ? Secret.fromString(xml).encryptedValue : xml
}
// Whether two realms say the same. One that was read back from the disk is another object, with the same settings.
def isSame = { one, other ->
    if (one.is(other)) return true
    if (one.class != other.class) return false
    propertiesOf(one.class) ? describe(one) == describe(other) : writtenXml(one) == writtenXml(other)
}
