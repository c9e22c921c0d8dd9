// Takes the commands out of a Jenkinsfile as Groovy's own parser sees them. Answers them by the name of their stage.
import org.codehaus.groovy.ast.CodeVisitorSupport
import org.codehaus.groovy.ast.builder.AstBuilder
import org.codehaus.groovy.ast.expr.ConstantExpression
import org.codehaus.groovy.ast.expr.MethodCallExpression
import org.codehaus.groovy.control.CompilePhase

class Stages extends CodeVisitorSupport {
    final Map<String, List<String>> commands = [:].withDefault { [] }
    private final List<String> path = []

    @Override
    void visitMethodCallExpression(MethodCallExpression call) {
        def texts = call.arguments.expressions.findAll { it instanceof ConstantExpression }*.value
        boolean isStage = call.methodAsString == 'stage'
        if (isStage) path << texts.first()
        if (call.methodAsString == 'sh') commands[path.last()] << texts.first()
        super.visitMethodCallExpression(call)
        if (isStage) path.remove(path.size() - 1)
    }
}

def text = new String('JENKINSFILE'.decodeBase64(), 'UTF-8')
new GroovyShell().parse(text)
def stages = new Stages()
new AstBuilder().buildFromString(CompilePhase.CONVERSION, true, text).each { it.visit(stages) }
groovy.json.JsonOutput.toJson(stages.commands)
