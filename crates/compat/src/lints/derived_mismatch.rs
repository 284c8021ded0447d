//! A derived field that its function cannot fill.
//!
//! A function that is not built in is taken to be one that the application registers; such a field shows by an
//! `example` what comes out of it.

use growset_model::{
    Derivation, Diagnostic, Field, Function, Parameter, Presence, Record, Rule, Severity, Type, TypeKind,
};

use crate::context::{Context, Owner};
use crate::nearest::did_you_mean;

pub(crate) const RULE: Rule = Rule {
    id: "derived-mismatch",
    severity: Severity::Error,
    summary: "a derived field does not fit the function that fills it",
    lint: false,
};

pub(crate) fn check(context: &Context, diagnostics: &mut Vec<Diagnostic>) {
    for spot in &context.records {
        for field in &spot.what.fields {
            if let Presence::Derived(derivation) = &field.presence {
                let call = Call { context, owner: spot.owner, record: spot.what, field, derivation };
                call.check(diagnostics);
            }
        }
    }
}

/// Whether a derived field has no finding here; what comes out of one that has needs no second one.
pub(crate) fn is_sound(context: &Context, owner: Owner, record: &Record, field: &Field) -> bool {
    let mut diagnostics = Vec::new();
    if let Presence::Derived(derivation) = &field.presence {
        Call { context, owner, record, field, derivation }.check(&mut diagnostics);
    }
    diagnostics.is_empty()
}

/// One use of a function in a contract.
struct Call<'a> {
    context: &'a Context<'a>,
    owner: Owner<'a>,
    record: &'a Record,
    field: &'a Field,
    derivation: &'a Derivation,
}

impl Call<'_> {
    fn check(&self, diagnostics: &mut Vec<Diagnostic>) {
        let functions = self.context.functions;
        let function = functions.iter().find(|function| function.name == self.derivation.function);
        // An input that is no field of the record is refused when the contract is read.
        let inputs: Vec<Option<&Field>> =
            self.derivation.inputs.iter().map(|name| self.record.field(name.as_str())).collect();
        match function {
            Some(function) => self.check_types(function, &inputs, diagnostics),
            None if self.field.example.is_none() => {
                let near = did_you_mean(&self.derivation.function, functions.iter().map(|function| function.name));
                diagnostics.push(
                    self.finding(format!("no built-in function is called `{}`{near}", self.derivation.function))
                        .help("a function that your application registers needs an `example` on the field"),
                );
            }
            None => {}
        }
    }

    fn check_types(&self, function: &Function, inputs: &[Option<&Field>], diagnostics: &mut Vec<Diagnostic>) {
        if inputs.len() != function.parameters.len() {
            let names: Vec<&str> = function.parameters.iter().map(|parameter| parameter.name).collect();
            let message = format!("`{}` takes [{}]", function.name, names.join(", "));
            diagnostics.push(self.finding(message));
            return;
        }
        for (parameter, input) in function.parameters.iter().zip(inputs) {
            if let Some(input) = input
                && !self.takes(parameter, &input.ty)
            {
                let message = format!("`{}` wants {} as `{}`", function.name, parameter.expects, parameter.name);
                diagnostics.push(self.finding(message).related(input.ty.place, "this is read"));
            }
        }
        if !self.takes(&function.returns, &self.field.ty) {
            let message = format!("`{}` answers text that needs {}", function.name, function.returns.expects);
            diagnostics.push(self.finding(message).related(self.field.ty.place, "this is to be filled"));
        }
    }

    /// A name that leads nowhere has a finding of its own. A null input leaves the derived field absent.
    fn takes(&self, parameter: &Parameter, ty: &Type) -> bool {
        let catalog = self.context.catalog;
        match catalog.resolve(ty).map(|ty| &ty.kind) {
            Some(TypeKind::Nullable(inner)) => catalog.resolve(inner).is_none_or(|ty| (parameter.accepts)(&ty.kind)),
            Some(kind) => (parameter.accepts)(kind),
            None => true,
        }
    }

    fn finding(&self, problem: String) -> Diagnostic {
        let message = format!("field `{}` of {} cannot be derived: {problem}", self.field.name, self.owner);
        Diagnostic::new(&RULE, self.derivation.place, message)
    }
}
